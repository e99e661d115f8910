package io.sluice.node.dns;

import io.sluice.node.settings.DnsSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What resolv.conf says (resolv.conf(5)); what cannot be understood in it is passed over, as the C library does.
 *
 * @param search domains that are tried, without dots at their ends
 * @param dots names with fewer dots than this are first tried in the domains
 * @param timeout for one server's answer
 * @param rounds how often all servers are asked
 */
record ResolvConf(List<InetSocketAddress> servers, List<String> search, int dots, Duration timeout, int rounds) {

    /** As without the file, but that then nobody can be asked. */
    static final ResolvConf NONE = new ResolvConf(List.of(), List.of(), 1, Duration.ofSeconds(2), 2);

    private static final int MOST_SERVERS = 8;
    private static final int MOST_DOMAINS = 32;

    static ResolvConf parse(String text) {
        List<InetSocketAddress> servers = new ArrayList<>();
        List<String> search = List.of();
        int dots = NONE.dots;
        int timeout = (int) NONE.timeout.toSeconds();
        int rounds = NONE.rounds;
        for (String line : text.lines().toList()) {
            String[] words = line.strip().split("\\s+");
            switch (words[0]) {
                case "nameserver" -> {
                    if (words.length > 1 && servers.size() < MOST_SERVERS) {
                        addServer(words[1], servers);
                    }
                }
                case "domain", "search" -> search = domains(words);
                case "options" -> {
                    for (String word : words) {
                        dots = option(word, "ndots:", dots, 0, 15);
                        timeout = option(word, "timeout:", timeout, 1, 30);
                        rounds = option(word, "attempts:", rounds, 1, 5);
                    }
                }
                default -> {} // a comment, or what does not concern us
            }
        }
        return new ResolvConf(List.copyOf(servers), search, dots, Duration.ofSeconds(timeout), rounds);
    }

    /** The same with other servers. */
    ResolvConf with(List<InetSocketAddress> others) {
        return new ResolvConf(others, search, dots, timeout, rounds);
    }

    private static void addServer(String address, List<InetSocketAddress> servers) {
        try {
            servers.add(DnsSettings.server(address));
        } catch (IllegalArgumentException e) {
            // passed over
        }
    }

    private static List<String> domains(String[] words) {
        List<String> domains = new ArrayList<>();
        for (int i = 1; i < words.length && domains.size() < MOST_DOMAINS; i++) {
            String domain = words[i].endsWith(".") ? words[i].substring(0, words[i].length() - 1) : words[i];
            if (!domain.isEmpty()) {
                domains.add(domain);
            }
        }
        return List.copyOf(domains);
    }

    private static int option(String word, String name, int before, int least, int most) {
        String value = word.startsWith(name) ? word.substring(name.length()) : "";
        if (value.isEmpty() || value.length() > 6 || !value.chars().allMatch(Character::isDigit)) {
            return before;
        }
        return Math.max(least, Math.min(most, Integer.parseInt(value)));
    }
}
