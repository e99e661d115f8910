package io.sluice.node.dns;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Looks up the records of one type of an absolute name, along CNAME records over as many messages as that takes. */
final class RecordLookup {

    private final DnsServers servers;

    /** What there is. */
    sealed interface Records {
        /**
         * At least one record.
         *
         * @param seconds how long that holds
         */
        record Some(List<Record> records, long seconds) implements Records {}

        record No(String reason) implements Records {}

        record Unknown(String reason) implements Records {}
    }

    RecordLookup(DnsServers servers) {
        this.servers = servers;
    }

    /** Never fails. */
    CompletableFuture<Records> look(Name name, int type) {
        return look(name, type, 0, Long.MAX_VALUE).exceptionally(failure -> {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            return new Records.Unknown(String.valueOf(cause.getMessage()));
        });
    }

    private CompletableFuture<Records> look(Name name, int type, int hops, long seconds) {
        return servers.ask(name, type).thenCompose(message -> {
            AnswerReader.Reading reading = AnswerReader.read(message, name, type);
            long least = Math.min(seconds, reading.seconds());
            int chain = hops + reading.hops();
            if (!reading.records().isEmpty() && chain <= AnswerReader.LONGEST_CHAIN) {
                return CompletableFuture.completedFuture(new Records.Some(reading.records(), least));
            }
            if (chain > AnswerReader.LONGEST_CHAIN) {
                return CompletableFuture.completedFuture(new Records.Unknown("too many CNAME records in a row"));
            }
            return reading.open()
                    ? look(reading.end(), type, chain, least)
                    : CompletableFuture.completedFuture(new Records.No("no " + Type.string(type) + " record"));
        });
    }
}
