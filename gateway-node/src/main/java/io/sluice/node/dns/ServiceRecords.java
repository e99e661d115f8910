package io.sluice.node.dns;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;

/**
 * From SRV records (RFC 2782) to addresses with ports and weights. As in Kong only the records of the lowest priority count, and
 * a weight of 0 is 1. Every address of a host has the record's weight.
 */
final class ServiceRecords {

    private static final int MOST_HOSTS = 256;
    private static final int MOST_ADDRESSES = 1024;

    /** While some hosts' addresses are not known, it is asked again after that. */
    private static final Duration PARTLY = Duration.ofSeconds(10);

    private final Function<Name, CompletableFuture<Answer>> hosts;

    /**
     * Records whose hosts are looked up so.
     *
     * @param hosts gives the addresses of a host; never fails
     */
    ServiceRecords(Function<Name, CompletableFuture<Answer>> hosts) {
        this.hosts = hosts;
    }

    CompletableFuture<Answer> answer(List<Record> records, Duration valid) {
        int lowest = records.stream()
                .mapToInt(one -> ((SRVRecord) one).getPriority())
                .min()
                .orElse(0);
        List<SRVRecord> chosen = records.stream()
                .map(one -> (SRVRecord) one)
                .filter(one -> one.getPriority() == lowest && !one.getTarget().equals(Name.root))
                .toList();
        Map<Name, CompletableFuture<Answer>> answers = new LinkedHashMap<>();
        for (SRVRecord one : chosen) {
            if (answers.size() < MOST_HOSTS && !answers.containsKey(one.getTarget())) {
                answers.put(one.getTarget(), hosts.apply(one.getTarget()));
            }
        }
        return CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new))
                .thenApply(done -> together(chosen, answers, valid));
    }

    private static Answer together(
            List<SRVRecord> records, Map<Name, CompletableFuture<Answer>> answers, Duration valid) {
        List<ResolvedAddress> all = new ArrayList<>();
        Duration time = valid;
        Answer worst = new Answer.Missing("no host of its SRV records has an address");
        for (SRVRecord one : records) {
            CompletableFuture<Answer> answer = answers.get(one.getTarget());
            if (answer != null && answer.join() instanceof Answer.Found found) {
                time = shorter(time, found.valid());
                add(one, found, all);
            } else if (answer != null && answer.join() instanceof Answer.Failed failed) {
                worst = failed;
                time = shorter(time, PARTLY);
            }
        }
        return all.isEmpty() ? worst : new Answer.Found(all, time);
    }

    private static void add(SRVRecord record, Answer.Found found, List<ResolvedAddress> all) {
        String host = record.getTarget().toString(true);
        for (ResolvedAddress one : found.addresses()) {
            if (all.size() < MOST_ADDRESSES) {
                all.add(new ResolvedAddress(one.address(), record.getPort(), Math.max(1, record.getWeight()), host));
            }
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
