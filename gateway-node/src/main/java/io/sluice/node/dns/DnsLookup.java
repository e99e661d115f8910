package io.sluice.node.dns;

import io.sluice.node.dns.RecordLookup.Records;
import io.sluice.node.settings.DnsSettings;
import io.sluice.state.model.Cidr;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Looks names up as Kong does: the hosts file first, then the name servers, in the domains of resolv.conf, for record types in
 * the order of the settings. The types are asked for at once and taken in order; later on only what there was before is asked
 * for (LAST). CNAME records are followed whether the order names them or not. Never blocks but for reading two small
 * files; on the agenda's thread only.
 */
final class DnsLookup implements NameLookup {

    private static final Duration LONGEST = Duration.ofDays(1);

    private static final Duration FILE_VALID = Duration.ofNanos(ReadAgain.VALID_NANOS);

    private final Supplier<HostsFile> hosts;
    private final Supplier<ResolvConf> settings;
    private final RecordLookup records;
    private final ServiceRecords services;
    private final List<Integer> order;
    private final Optional<Duration> valid;
    private final Map<String, Last> last;

    /** Where a name's addresses were found. */
    private record Last(Name name, int type) {}

    /**
     * A look-up by a node's settings.
     *
     * @param system where the servers and domains of the machine are; usually /etc/resolv.conf
     */
    static DnsLookup of(DnsSettings settings, Path system, Agenda agenda) {
        ReadAgain<HostsFile> hosts = new ReadAgain<>(settings.hosts(), HostsFile.NONE, HostsFile::parse);
        ReadAgain<ResolvConf> read = new ReadAgain<>(system, ResolvConf.NONE, ResolvConf::parse);
        Supplier<ResolvConf> conf = () -> settings.servers().isEmpty()
                ? read.value(agenda.now())
                : read.value(agenda.now()).with(settings.servers());
        List<Integer> order = settings.order().stream()
                .map(Type::value)
                .filter(type -> type == Type.SRV || type == Type.A || type == Type.AAAA)
                .distinct()
                .toList();
        boolean remembers = settings.order().contains("LAST");
        return new DnsLookup(
                () -> hosts.value(agenda.now()),
                conf,
                new DnsServers(agenda, conf, DnsServers.LONGEST_WAIT),
                order.isEmpty() ? List.of(Type.A) : order,
                remembers ? settings.cacheSize() : 0,
                settings.validTime(),
                agenda::now,
                settings.staleTime());
    }

    /**
     * A look-up over these servers.
     *
     * @param order DNS type numbers: SRV, A, AAAA
     * @param remembers for how many names it is kept where they were found; 0 for none
     * @param valid overrides how long answers hold
     * @param now as {@link System#nanoTime}
     * @param stale how long the addresses of a host of SRV records are used on while only its look-up fails
     */
    DnsLookup(
            Supplier<HostsFile> hosts,
            Supplier<ResolvConf> settings,
            DnsServers servers,
            List<Integer> order,
            int remembers,
            Optional<Duration> valid,
            LongSupplier now,
            Duration stale) {
        this.hosts = hosts;
        this.settings = settings;
        this.records = new RecordLookup(servers);
        this.services = new ServiceRecords(this::addresses, now, stale);
        this.order = order;
        this.valid = valid;
        this.last = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Last> eldest) {
                return size() > remembers;
            }
        };
    }

    @Override
    public CompletionStage<Answer> look(String name) {
        List<InetAddress> fixed = fixed(name);
        if (!fixed.isEmpty()) {
            return CompletableFuture.completedFuture(new Answer.Found(preferred(fixed), FILE_VALID));
        }
        List<Name> candidates;
        try {
            candidates = candidates(name);
        } catch (TextParseException e) {
            return CompletableFuture.completedFuture(new Answer.Missing("no valid host name"));
        }
        Last before = last.get(name);
        if (before == null) {
            return search(name, candidates, 0, new Answer.Missing("no such name"));
        }
        return typed(before.name, before.type).thenCompose(answer -> {
            if (answer instanceof Answer.Missing) {
                last.remove(name);
                return search(name, candidates, 0, answer);
            }
            return CompletableFuture.completedFuture(answer);
        });
    }

    /** Addresses that are known without asking: of the hosts file, of localhost, and of addresses themselves. */
    private List<InetAddress> fixed(String name) {
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (Cidr.isAddress(bare)) {
            return List.of(HostsFile.address(bare));
        }
        List<InetAddress> listed = hosts.get().addresses(bare);
        String lower = bare.toLowerCase(Locale.ROOT);
        boolean local = lower.equals("localhost") || lower.endsWith(".localhost"); // RFC 6761
        return listed.isEmpty() && local ? List.of(HostsFile.address("127.0.0.1")) : listed;
    }

    /** Those of the family that the order has first, or the others if there are none. */
    private List<ResolvedAddress> preferred(List<InetAddress> fixed) {
        int four = order.indexOf(Type.A);
        int six = order.indexOf(Type.AAAA);
        boolean fourFirst = six < 0 || four >= 0 && four < six;
        List<InetAddress> chosen = fixed.stream()
                .filter(address -> address instanceof Inet4Address == fourFirst)
                .toList();
        return (chosen.isEmpty() ? fixed : chosen)
                .stream().map(ResolvedAddress::of).toList();
    }

    private List<Name> candidates(String name) throws TextParseException {
        if (name.endsWith(".")) {
            return List.of(Name.fromString(name));
        }
        ResolvConf by = settings.get();
        long dots = name.chars().filter(c -> c == '.').count();
        Name itself = Name.fromString(name + '.');
        List<Name> all = new ArrayList<>();
        if (dots >= by.dots()) {
            all.add(itself);
        }
        for (String domain : by.search()) {
            within(name, domain).ifPresent(all::add);
        }
        if (dots < by.dots()) {
            all.add(itself);
        }
        return all;
    }

    private static Optional<Name> within(String name, String domain) {
        try {
            return Optional.of(Name.fromString(name + '.' + domain + '.'));
        } catch (TextParseException e) {
            return Optional.empty(); // too long with that domain
        }
    }

    private CompletableFuture<Answer> search(String name, List<Name> candidates, int from, Answer worst) {
        if (from == candidates.size()) {
            return CompletableFuture.completedFuture(worst);
        }
        Name candidate = candidates.get(from);
        List<CompletableFuture<Answer>> all =
                order.stream().map(type -> typed(candidate, type)).toList();
        return firstOf(all, 0, worst).thenCompose(answer -> {
            if (answer instanceof Answer.Found) {
                last.put(name, new Last(candidate, order.get(place(answer, all))));
                return CompletableFuture.completedFuture(answer);
            }
            return search(name, candidates, from + 1, answer);
        });
    }

    private static int place(Answer answer, List<CompletableFuture<Answer>> all) {
        int place = 0;
        while (all.get(place).join() != answer) { // those before it are done
            place++;
        }
        return place;
    }

    private CompletableFuture<Answer> typed(Name name, int type) {
        return records.look(name, type).thenCompose(found -> {
            if (found instanceof Records.Some some) {
                Duration time = time(some.seconds());
                return type == Type.SRV
                        ? services.answer(some.records(), time)
                        : CompletableFuture.completedFuture(plain(some, time));
            }
            return CompletableFuture.completedFuture(
                    found instanceof Records.No no
                            ? new Answer.Missing(no.reason())
                            : new Answer.Failed(((Records.Unknown) found).reason()));
        });
    }

    private static Answer plain(Records.Some some, Duration time) {
        List<ResolvedAddress> addresses = some.records().stream()
                .map(one -> one instanceof ARecord a ? a.getAddress() : ((AAAARecord) one).getAddress())
                .map(ResolvedAddress::of)
                .toList();
        return new Answer.Found(addresses, time);
    }

    private Duration time(long seconds) {
        return valid.orElse(Duration.ofSeconds(Math.min(Math.max(0, seconds), LONGEST.toSeconds())));
    }

    /** The addresses of a host that an SRV record names. */
    private CompletableFuture<Answer> addresses(Name host) {
        List<InetAddress> fixed = fixed(host.toString(true));
        if (!fixed.isEmpty()) {
            return CompletableFuture.completedFuture(new Answer.Found(preferred(fixed), FILE_VALID));
        }
        List<CompletableFuture<Answer>> all = order.stream()
                .filter(type -> type != Type.SRV)
                .map(type -> typed(host, type))
                .toList();
        return firstOf(all, 0, new Answer.Missing("no address"));
    }

    private static CompletableFuture<Answer> firstOf(List<CompletableFuture<Answer>> all, int from, Answer worst) {
        if (from == all.size()) {
            return CompletableFuture.completedFuture(worst);
        }
        return all.get(from)
                .thenCompose(answer -> answer instanceof Answer.Found
                        ? CompletableFuture.completedFuture(answer)
                        : firstOf(all, from + 1, worst instanceof Answer.Failed ? worst : answer));
    }
}
