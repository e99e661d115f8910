package io.sluice.node.settings;

import com.typesafe.config.ConfigFactory;
import io.sluice.node.settings.NodeSettings.LogSettings;
import io.sluice.node.settings.NodeSettings.StopSettings;
import io.sluice.node.settings.ReadSettings.Notice;
import io.sluice.state.model.Problem;
import io.sluice.state.model.RouterFlavor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads everything the operator set: system properties over {@code SLUICE_*} over {@code KONG_*} over the file over
 * reference.conf. Which keys exist is what reference.conf lists.
 */
public final class SettingsReader {

    private static final Map<String, Given> DEFAULTS = KongFile.values(ConfigFactory.defaultReference());

    private final List<Problem> problems = new ArrayList<>();
    private final List<Notice> notices = new ArrayList<>();
    private final Map<String, Given> given = new LinkedHashMap<>();

    private SettingsReader() {}

    /**
     * Reads and checks all settings.
     *
     * @param environment variables; only {@code KONG_*}, {@code SLUICE_*} and {@code CONTROLLER_*} matter
     * @param properties system properties; only {@code sluice.node.*} matters
     * @param file of {@code -c}
     */
    public static ReadSettings read(
            Map<String, String> environment, Map<String, String> properties, Optional<Path> file) {
        SettingsReader reader = new SettingsReader();
        file.ifPresent(path -> reader.take(KongFile.read(path, reader.problems)));
        reader.takeVariables(reader.ofController(environment), "CONTROLLER_");
        reader.takeVariables(environment, "KONG_");
        reader.takeVariables(environment, "SLUICE_");
        reader.takeProperties(properties);
        reader.resolveReferences(environment);
        reader.given.forEach((key, one) -> {
            if (KongKeys.isNotYet(key)) {
                reader.notices.add(new Notice(one.origin(), false));
            }
        });

        NodeSettings settings = reader.settings(new Values(reader.given, DEFAULTS, reader.problems));
        return reader.problems.isEmpty()
                ? new ReadSettings.Accepted(settings, List.copyOf(reader.notices))
                : new ReadSettings.Refused(List.copyOf(reader.problems), settings.plugins());
    }

    /** Of the variables of Kong's ingress controller those that mean something here; the others are told. */
    private Map<String, String> ofController(Map<String, String> environment) {
        String prefix = "CONTROLLER_";
        Map<String, String> known = new LinkedHashMap<>();
        environment.forEach((name, value) -> {
            boolean theirs = name.startsWith(prefix);
            if (theirs
                    && KongKeys.isOfController(name.substring(prefix.length()).toLowerCase(Locale.ROOT))) {
                known.put(name, value);
            } else if (theirs) {
                notices.add(new Notice(name, false));
            }
        });
        return known;
    }

    private void takeVariables(Map<String, String> environment, String prefix) {
        Map<String, Given> found = new LinkedHashMap<>();
        environment.keySet().stream()
                .filter(name -> name.startsWith(prefix) && !KongKeys.isNoSetting(name))
                .sorted()
                .forEach(name -> found.put(
                        name.substring(prefix.length()).toLowerCase(Locale.ROOT),
                        new Given(environment.getOrDefault(name, ""), name)));
        take(found);
    }

    private void takeProperties(Map<String, String> properties) {
        String prefix = "sluice.node.";
        Map<String, Given> found = new LinkedHashMap<>();
        properties.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()).replace('-', '_'), new Given(value, name));
            }
        });
        take(found);
    }

    /** Lays one source over what is there; another spelling of a key does not beat the key itself. */
    private void take(Map<String, Given> source) {
        Map<String, Given> meant = new LinkedHashMap<>();
        source.forEach((key, one) -> KongKeys.meant(key, DEFAULTS.keySet())
                .ifPresentOrElse(
                        name -> {
                            if (!one.value().isBlank() && (key.equals(name) || !source.containsKey(name))) {
                                meant.put(name, new Given(one.value().strip(), one.origin()));
                            }
                        },
                        () -> notices.add(new Notice(one.origin(), !KongKeys.hasNoEffect(key)))));
        given.putAll(meant);
    }

    /** A value may name a variable that holds it: {@code {vault://env/my-secret}} reads MY_SECRET. */
    private void resolveReferences(Map<String, String> environment) {
        String start = "{vault://";
        given.replaceAll((key, one) -> {
            if (!one.value().startsWith(start)) {
                return one;
            }
            String reference = one.value().substring(start.length(), one.value().length() - 1);
            String variable = reference.startsWith("env/")
                    ? reference.substring("env/".length()).replace('-', '_').toUpperCase(Locale.ROOT)
                    : "";
            String value = environment.getOrDefault(variable, "");
            if (value.isEmpty()) {
                problems.add(new Problem(
                        one.origin(), "", one.value() + " (expected: {vault://env/name} of a variable that is set)"));
            }
            return value.isEmpty() ? DEFAULTS.getOrDefault(key, one) : new Given(value, one.origin());
        });
    }

    private NodeSettings settings(Values values) {
        ServedReader.checkDatabase(values);
        Optional<Path> file = values.optional("declarative_config").map(Path::of);
        Optional<String> text = values.optional("declarative_config_string");
        if (file.isPresent() && text.isPresent()) {
            values.refuse(
                    "declarative_config_string", "set together with declarative_config (expected: one of the two)");
        }
        List<ListenSettings> proxyListen = listen(values, "proxy_listen");
        return new NodeSettings(
                values.optional("node_id").flatMap(id -> ServedReader.uuid(values, id)),
                prefix(values),
                proxyListen,
                ownListen(values, "admin_listen"),
                ownListen(values, "status_listen"),
                file,
                text,
                RouterFlavor.valueOf(values.word("router_flavor", "traditional_compatible", "traditional")
                        .toUpperCase(Locale.ROOT)),
                ServedReader.plugins(values),
                eventLoops(values),
                ProxyReader.read(values, proxyListen),
                TlsReader.read(values),
                dns(values),
                admin(values),
                ClusterReader.read(values),
                IngressReader.read(values),
                new StopSettings(values.time("drain_delay"), values.time("drain_timeout")),
                logs(values),
                Collections.unmodifiableMap(values.shown()));
    }

    private static Path prefix(Values values) {
        return values.optional("prefix")
                .map(Path::of)
                .orElseGet(() ->
                        Path.of(System.getProperty("java.io.tmpdir"), "sluice-" + System.getProperty("user.name")))
                .toAbsolutePath();
    }

    private static List<ListenSettings> listen(Values values, String key) {
        values.list(key);
        return values.parsed(key, ListenReader::read);
    }

    /** Listeners that are not for proxied traffic. */
    private static List<ListenSettings> ownListen(Values values, String key) {
        List<ListenSettings> all = listen(values, key);
        if (all.stream().anyMatch(ListenSettings::proxyProtocol)) {
            values.refuse(key, "proxy_protocol (expected: a listener without it; only proxy_listen has it)");
        }
        if (all.stream().anyMatch(ListenSettings::upgrade)) {
            values.refuse(key, "h2c (expected: a listener without it; only proxy_listen has it)");
        }
        return all;
    }

    private static int eventLoops(Values values) {
        values.text("worker_processes");
        return values.parsed(
                "worker_processes",
                text -> text.equals("auto")
                        ? Runtime.getRuntime().availableProcessors()
                        : Values.number(text, 1, 1024));
    }

    private static DnsSettings dns(Values values) {
        return new DnsSettings(
                values.list("dns_resolver", DnsSettings::server),
                Path.of(values.text("dns_hostsfile")),
                values.list("dns_order", text -> {
                    String type = text.toUpperCase(Locale.ROOT);
                    if (!List.of("LAST", "SRV", "A", "AAAA", "CNAME").contains(type)) {
                        throw new IllegalArgumentException("LAST, SRV, A, AAAA or CNAME");
                    }
                    return type;
                }),
                values.optionalTime("dns_valid_ttl"),
                values.time("dns_stale_ttl"),
                values.time("dns_error_ttl"),
                values.time("dns_not_found_ttl"),
                values.whole("dns_cache_size", 1, 10_000_000));
    }

    private static AdminSettings admin(Values values) {
        return new AdminSettings(
                ownListen(values, "admin_gui_listen"),
                values.list("admin_gui_url", ServedReader::origin),
                values.text("admin_gui_path"),
                values.optional("admin_gui_api_url"),
                values.size("nginx_admin_client_max_body_size"));
    }

    private static LogSettings logs(Values values) {
        return new LogSettings(
                values.log("proxy_access_log"),
                values.log("proxy_error_log"),
                values.log("admin_access_log"),
                values.word("log_level", "debug", "info", "notice", "warn", "error", "crit", "alert", "emerg"),
                values.word("access_log_format", "combined", "json").equals("json"));
    }
}
