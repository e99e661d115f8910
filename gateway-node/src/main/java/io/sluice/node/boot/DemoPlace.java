package io.sluice.node.boot;

import io.sluice.node.settings.NodeSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where node k of a demonstration listens: every port of node 0 plus ten times k.
 *
 * @param first settings of node 0
 */
record DemoPlace(NodeSettings first, int nodes) {

    private static final int STEP = 10;
    private static final List<String> LISTENS = List.of("proxy_listen", "admin_listen", "status_listen");
    private static final Pattern PORT = Pattern.compile(":(\\d+)(?=\\s|$)");

    /** Settings of node k by HOCON key. */
    Map<String, String> settings(int k, Path config) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("sluice.node.declarative-config", config.toString());
        settings.put("sluice.node.declarative-config-string", "");
        if (nodes > 1) {
            for (String key : LISTENS) {
                if (first.shown().get(key) instanceof List<?> addresses) {
                    settings.put("sluice.node." + key.replace('_', '-'), moved(addresses, k));
                }
            }
            settings.put("sluice.node.cluster-discovery", "seeds");
            settings.put("sluice.node.cluster-seeds", peer(0) + ", " + peer(1));
            settings.put("sluice.node.cluster-port", "" + port(first.cluster().port(), k));
            settings.put(
                    "sluice.node.management-port", "" + port(first.cluster().managementPort(), k));
        }
        return settings;
    }

    private String peer(int k) {
        return first.cluster().host() + ":" + port(first.cluster().port(), k);
    }

    private static String moved(List<?> addresses, int k) {
        return String.join(
                ", ",
                addresses.stream()
                        .map(address -> PORT.matcher(address.toString())
                                .replaceFirst(found -> ":" + port(Integer.parseInt(found.group(1)), k)))
                        .toList());
    }

    /** A URL of node 0 as it is on node k. */
    String url(String first, int k) {
        return moved(List.of(first), k);
    }

    private static int port(int first, int k) {
        return first == 0 ? 0 : first + STEP * k;
    }
}
