package io.sluice.node.dns;

import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What a name server's message says about a name; goes along CNAME records in it. Pure. */
final class AnswerReader {

    /** A chain of names that is longer is none. */
    static final int LONGEST_CHAIN = 16;

    private static final int MOST_RECORDS = 1024;

    /**
     * What was found.
     *
     * @param records of the wanted type; no more than 1024
     * @param end the name at the end of the chain
     * @param hops how long the chain is
     * @param seconds how long that holds
     * @param open whether the message does not say what there is of {@code end}
     */
    record Reading(List<Record> records, Name end, int hops, long seconds, boolean open) {}

    private AnswerReader() {}

    static Reading read(Message message, Name asked, int type) {
        List<Record> all = message.getSection(Section.ANSWER);
        Name at = asked;
        long seconds = Long.MAX_VALUE;
        for (int hops = 0; hops <= LONGEST_CHAIN; hops++) {
            List<Record> found = new ArrayList<>();
            CNAMERecord alias = null;
            for (Record one : all) {
                if (one.getName().equals(at) && one.getType() == type && found.size() < MOST_RECORDS) {
                    found.add(one);
                    seconds = Math.min(seconds, one.getTTL());
                } else if (one.getName().equals(at) && one.getType() == Type.CNAME) {
                    alias = (CNAMERecord) one;
                }
            }
            if (!found.isEmpty() || alias == null) {
                boolean open = found.isEmpty() && hops > 0 && message.getRcode() != Rcode.NXDOMAIN;
                return new Reading(found, at, hops, seconds, open);
            }
            seconds = Math.min(seconds, alias.getTTL());
            at = alias.getTarget();
        }
        return new Reading(List.of(), at, LONGEST_CHAIN + 1, seconds, false);
    }
}
