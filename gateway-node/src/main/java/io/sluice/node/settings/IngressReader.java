package io.sluice.node.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads how the node acts as ingress controller. */
final class IngressReader {

    private IngressReader() {}

    /** Empty if it does not. */
    static Optional<IngressSettings> read(Values values) {
        boolean on = values.flag("ingress");
        for (String file : List.of("declarative_config", "declarative_config_string")) {
            if (on && values.isGiven(file)) {
                values.refuse("ingress", "on together with " + file + " (expected: one of the two)");
            }
        }
        List<Path> kubeconfig = values.files("kubeconfig", "");
        IngressSettings settings = new IngressSettings(
                values.text("ingress_class"),
                Set.copyOf(values.list("watch_namespace", IngressReader::label)),
                values.text("cluster_domain"),
                server(values),
                kubeconfig.stream().findFirst(),
                service(values),
                values.list("publish_status_address"),
                values.whole("apiserver_qps", 1, 10_000),
                values.whole("apiserver_burst", 1, 10_000));
        return on ? Optional.of(settings) : Optional.empty();
    }

    private static Optional<URI> server(Values values) {
        values.text("apiserver_host");
        return values.parsed("apiserver_host", text -> text.isEmpty() ? Optional.<URI>empty() : Optional.of(url(text)));
    }

    private static URI url(String text) {
        try {
            URI uri = new URI(text);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            if (web && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new IllegalArgumentException("a URL such as https://10.0.0.1:6443");
    }

    private static Optional<String> service(Values values) {
        values.text("publish_service");
        return values.parsed("publish_service", text -> {
            int slash = text.indexOf('/');
            if (!text.isEmpty() && (slash <= 0 || slash != text.lastIndexOf('/') || slash == text.length() - 1)) {
                throw new IllegalArgumentException("namespace/name");
            }
            return text.isEmpty() ? Optional.<String>empty() : Optional.of(text);
        });
    }

    private static String label(String namespace) {
        boolean plain = namespace.length() <= 63
                && namespace.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-');
        if (!plain) {
            throw new IllegalArgumentException("names of namespaces, as in shop, monitoring");
        }
        return namespace;
    }
}
