package io.sluice.node.dns;

import io.sluice.state.model.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Names with fixed addresses, as hosts(5) has them. Lines that cannot be understood are passed over. Immutable. */
final class HostsFile {

    static final HostsFile NONE = new HostsFile(Map.of());

    private final Map<String, List<InetAddress>> addresses;

    private HostsFile(Map<String, List<InetAddress>> addresses) {
        this.addresses = addresses;
    }

    static HostsFile parse(String text) {
        Map<String, List<InetAddress>> all = new HashMap<>();
        for (String line : text.lines().toList()) {
            int comment = line.indexOf('#');
            String[] words =
                    (comment < 0 ? line : line.substring(0, comment)).strip().split("\\s+");
            for (int i = 1; i < words.length && Cidr.isAddress(words[0]); i++) {
                all.computeIfAbsent(words[i].toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                        .add(address(words[0]));
            }
        }
        return new HostsFile(all);
    }

    /** The addresses of a name, in the file's order; empty if it has none. */
    List<InetAddress> addresses(String name) {
        return addresses.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByAddress(Cidr.addressBytes(literal).orElseThrow());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // 4 or 16 bytes by construction
        }
    }
}
