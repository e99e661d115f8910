package io.sluice.state.model.kind;

import io.sluice.state.model.Protocol;
import io.sluice.state.model.Service;
import io.sluice.state.model.schema.Checks;
import io.sluice.state.model.schema.Field;
import io.sluice.state.model.schema.Rules;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import io.sluice.state.model.schema.TextRules;
import io.sluice.state.model.schema.Type;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Services: fields, rules, the {@code url} shorthand. */
final class ServiceSchema implements Codec<Service> {

    private static final long MAX_TIMEOUT = Integer.MAX_VALUE - 1L;
    private static final Set<Object> WITHOUT_PATH = Set.of("tcp", "tls", "udp", "grpc", "grpcs");
    private static final Set<Object> WITH_TLS_SETTINGS = Set.of("https", "tls", "wss");

    static final Schema SCHEMA = Schema.of(
                    Fields.id(),
                    Fields.createdAt(),
                    Fields.updatedAt(),
                    Fields.name(),
                    Field.integer("retries", Rules.between(0, 32_767)).defaultsTo(5),
                    Field.string("protocol", RouteSchema.protocolWord())
                            .mandatory()
                            .defaultsTo("http"),
                    Field.string("host", TextRules.host()).mandatory(),
                    Field.integer("port", Rules.between(0, 65_535)).mandatory().defaultsTo(80),
                    Field.string("path", TextRules.path()),
                    timeout("connect_timeout"),
                    timeout("write_timeout"),
                    timeout("read_timeout"),
                    Fields.tags(),
                    Fields.foreign("client_certificate", "certificates"),
                    Field.of("tls_verify", Type.bool()),
                    Field.integer("tls_verify_depth", Rules.between(0, 64)),
                    Field.of("ca_certificates", Type.array(Type.string(Rules.uuid()))),
                    Field.bool("enabled", true).mandatory())
            .with(Checks.unsetWhen("path", "protocol", WITHOUT_PATH::contains))
            .with(Checks.unsetWhen("client_certificate", "protocol", ServiceSchema::hasNoTlsSettings))
            .with(Checks.unsetWhen("tls_verify", "protocol", ServiceSchema::hasNoTlsSettings))
            .with(Checks.unsetWhen("tls_verify_depth", "protocol", ServiceSchema::hasNoTlsSettings))
            .with(Checks.unsetWhen("ca_certificates", "protocol", ServiceSchema::hasNoTlsSettings));

    /** Replaces {@code url} by what it stands for; its parts win over the single fields. */
    static Map<String, @Nullable Object> expand(Map<String, @Nullable Object> given, Map<String, Object> errors) {
        Object url = given.get("url");
        Map<String, @Nullable Object> expanded = new LinkedHashMap<>(given);
        expanded.remove("url");
        if (url == null) {
            return expanded;
        }
        if (!(url instanceof String text)) {
            errors.put("url", "expected a string");
            return withoutRequired(expanded);
        }
        try {
            putParts(new URI(text), expanded);
        } catch (URISyntaxException e) {
            errors.put("url", "could not parse url");
            return withoutRequired(expanded);
        }
        return expanded;
    }

    private static void putParts(URI uri, Map<String, @Nullable Object> expanded) {
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        String server = authority.substring(authority.lastIndexOf('@') + 1);
        int colon = server.lastIndexOf(':');
        boolean hasPort = colon > server.lastIndexOf(']') && colon >= 0;
        String portText = hasPort ? server.substring(colon + 1) : "";
        String host = hasPort ? server.substring(0, colon) : server;
        Long port = portText.matches("[0-9]{1,9}") ? Long.valueOf(portText) : null;
        String byPort = port != null && port == 443 ? "https" : "http";
        String protocol = uri.getScheme() == null ? byPort : uri.getScheme();
        expanded.put("protocol", protocol);
        expanded.put("host", host.isEmpty() ? null : host);
        expanded.put("port", port != null ? port : portText.isEmpty() ? (Object) portOf(protocol) : portText);
        String path = uri.getRawPath();
        expanded.put("path", path == null || path.isEmpty() ? null : path);
    }

    private static long portOf(String protocol) {
        return protocol.equals("https") || protocol.equals("wss") ? 443 : 80;
    }

    /** A url that cannot be read must not be reported as a missing host as well. */
    private static Map<String, @Nullable Object> withoutRequired(Map<String, @Nullable Object> tree) {
        tree.putIfAbsent("host", "url.invalid");
        return tree;
    }

    private static boolean hasNoTlsSettings(Object protocol) {
        return !WITH_TLS_SETTINGS.contains(protocol);
    }

    private static Field timeout(String name) {
        return Field.integer(name, Rules.between(1, MAX_TIMEOUT)).defaultsTo(60_000);
    }

    @Override
    public Service decode(Settings tree) {
        return new Service(
                Fields.uuid(tree),
                Fields.text(tree, "name"),
                Protocol.of(tree.string("protocol")).orElseThrow(),
                tree.string("host"),
                Fields.integer(tree, "port"),
                Fields.text(tree, "path"),
                Fields.integer(tree, "retries"),
                Fields.integer(tree, "connect_timeout"),
                Fields.integer(tree, "write_timeout"),
                Fields.integer(tree, "read_timeout"),
                Fields.reference(tree, "client_certificate"),
                Fields.flag(tree, "tls_verify"),
                Fields.number(tree, "tls_verify_depth"),
                tree.strings("ca_certificates").stream().map(UUID::fromString).toList(),
                tree.bool("enabled"),
                Fields.strings(tree, "tags"),
                Fields.created(tree),
                Fields.updated(tree));
    }

    @Override
    public Map<String, @Nullable Object> encode(Service service) {
        Map<String, @Nullable Object> tree = Fields.tree();
        tree.put("id", service.id().toString());
        tree.put("created_at", Fields.time(service.createdAt()));
        tree.put("updated_at", Fields.time(service.updatedAt()));
        tree.put("name", service.name());
        tree.put("retries", (long) service.retries());
        tree.put("protocol", service.protocol().word());
        tree.put("host", service.host());
        tree.put("port", (long) service.port());
        tree.put("path", service.path());
        tree.put("connect_timeout", (long) service.connectTimeout());
        tree.put("write_timeout", (long) service.writeTimeout());
        tree.put("read_timeout", (long) service.readTimeout());
        tree.put("tags", Fields.encoded(service.tags()));
        tree.put("client_certificate", Fields.encoded(service.clientCertificate()));
        tree.put("tls_verify", service.tlsVerify());
        tree.put("tls_verify_depth", Fields.encoded(service.tlsVerifyDepth()));
        List<String> authorities =
                service.caCertificates().stream().map(UUID::toString).toList();
        tree.put("ca_certificates", Fields.encoded(authorities));
        tree.put("enabled", service.enabled());
        return tree;
    }
}
