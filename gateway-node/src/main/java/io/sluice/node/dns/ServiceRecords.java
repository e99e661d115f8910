package io.sluice.node.dns;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;

/**
 * From SRV records (RFC 2782) to addresses with ports and weights. As in Kong only the records of the lowest priority count, and
 * a weight of 0 is 1. Every address of a host has the record's weight. A host that cannot be looked up while others can keeps the
 * addresses it had. One thread.
 */
final class ServiceRecords {

    private static final int MOST_HOSTS = 256;
    private static final int MOST_ADDRESSES = 1024;
    private static final int MOST_KNOWN = 4096;

    /** While some hosts' addresses are not known, it is asked again after that. */
    private static final Duration PARTLY = Duration.ofSeconds(10);

    /** What a host had, and until when on the scale of nanoTime that may be used. */
    private record Known(Answer.Found found, long usableUntil) {}

    private final Function<Name, CompletableFuture<Answer>> hosts;
    private final LongSupplier now;
    private final Duration stale;
    private final Map<Name, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Name, Known> eldest) {
            return size() > MOST_KNOWN;
        }
    };

    /**
     * Records whose hosts are looked up so.
     *
     * @param hosts gives the addresses of a host; never fails
     * @param now as {@link System#nanoTime}
     * @param stale how long addresses are used on after their time while looking their host up again fails
     */
    ServiceRecords(Function<Name, CompletableFuture<Answer>> hosts, LongSupplier now, Duration stale) {
        this.hosts = hosts;
        this.now = now;
        this.stale = stale;
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

    private Answer together(List<SRVRecord> records, Map<Name, CompletableFuture<Answer>> answers, Duration valid) {
        answers.forEach(this::remember);
        List<ResolvedAddress> all = new ArrayList<>();
        List<ResolvedAddress> old = new ArrayList<>();
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
                Known before = known.get(one.getTarget());
                if (before != null && now.getAsLong() - before.usableUntil < 0) {
                    add(one, before.found, old);
                }
            }
        }
        if (all.isEmpty()) {
            return worst; // whoever asks keeps all it had
        }
        all.addAll(old.subList(0, Math.min(old.size(), MOST_ADDRESSES - all.size())));
        return new Answer.Found(all, time);
    }

    private void remember(Name host, CompletableFuture<Answer> answer) {
        if (answer.join() instanceof Answer.Found found) {
            long until = now.getAsLong() + found.valid().plus(stale).toNanos();
            known.put(host, new Known(found, until));
        } else if (answer.join() instanceof Answer.Missing) {
            known.remove(host);
        }
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
