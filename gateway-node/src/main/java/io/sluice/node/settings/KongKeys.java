package io.sluice.node.settings;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Kong's names for settings beyond those of our reference: other spellings, and keys that have no effect here. */
final class KongKeys {

    private static final List<String> INJECTED =
            List.of("nginx_main_", "nginx_events_", "nginx_http_", "nginx_proxy_", "nginx_");

    private static final Map<String, String> OTHER_NAMES =
            Map.of("set_real_ip_from", "trusted_ips", "resolver_address", "dns_resolver");

    private static final List<String> FAMILIES_WITHOUT_EFFECT = List.of(
            "nginx_",
            "pg_",
            "cassandra_",
            "lua_",
            "wasm_",
            "vault_",
            "lmdb_",
            "konnect_",
            "resolver_",
            "untrusted_lua",
            "tracing_",
            "opentelemetry_",
            "request_debug",
            "analytics_",
            "portal",
            "audit_log",
            "smtp_",
            "keyring_",
            "event_hooks_",
            "debug_",
            "error_template_",
            "proxy_server",
            "proxy_stream_",
            "stream_");

    private static final Set<String> WITHOUT_EFFECT = Set.of("""
            role anonymous_reports mem_cache_size vaults new_dns_client openresty_path privileged_agent
            dedicated_config_processing legacy_worker_events enforce_rbac password license_path license_data kic edition
            allow_inconsistent_data_plane_plugins worker_consistency worker_state_update_frequency
            cluster_listen cluster_telemetry_listen cluster_control_plane cluster_telemetry_endpoint cluster_server_name
            cluster_telemetry_server_name cluster_mtls cluster_ocsp
            cluster_allowed_common_names cluster_data_plane_purge_delay cluster_max_payload cluster_use_proxy
            cluster_dp_labels cluster_rpc cluster_rpc_sync cluster_incremental_sync
            db_update_frequency db_update_propagation db_cache_ttl db_cache_neg_ttl db_resurrect_ttl db_cache_warmup_entities
            admin_error_log admin_gui_access_log admin_gui_error_log admin_gui_ssl_cert admin_gui_ssl_cert_key
            admin_gui_auth admin_gui_session_conf admin_gui_auth_conf admin_gui_flags admin_gui_csp_header admin_api_uri
            status_access_log status_error_log status_ssl_cert status_ssl_cert_key
            ssl_dhparam
            client_body_buffer_size dns_no_sync loadbalancer_hashing max_queued_batches
            """.strip().split("\\s+"));

    /** Keys that are read and shown but change nothing yet. */
    private static final Set<String> NOT_YET = Set.of("""
            admin_access_log admin_gui_listen admin_gui_path admin_gui_api_url
            """.strip().split("\\s+"));

    /** Settings that may also be given by the names of Kong's ingress controller. */
    private static final Set<String> OF_CONTROLLER = Set.of("""
            ingress_class watch_namespace cluster_domain apiserver_host kubeconfig publish_service publish_status_address
            apiserver_qps apiserver_burst
            """.strip().split("\\s+"));

    /** Variables with our prefixes that belong to the launcher, the log set-up or Kong's container, not to the node. */
    private static final Set<String> NOT_SETTINGS =
            Set.of("SLUICE_JAVA", "SLUICE_JAVA_OPTS", "SLUICE_LOG", "SLUICE_HOME", "KONG_VERSION", "KONG_SHA256");

    private KongKeys() {}

    /** Our name for another spelling of a key, such as nginx's injected directives. */
    static Optional<String> meant(String key, Set<String> known) {
        if (known.contains(key)) {
            return Optional.of(key);
        }
        String own = OTHER_NAMES.get(key);
        if (own != null) {
            return Optional.of(own);
        }
        return INJECTED.stream()
                .filter(key::startsWith)
                .map(prefix -> key.substring(prefix.length()))
                .map(directive -> OTHER_NAMES.getOrDefault(directive, directive))
                .filter(KongKeys::isDirective)
                .filter(known::contains)
                .findFirst();
    }

    private static boolean isDirective(String key) {
        return switch (key) {
            case "trusted_ips",
                    "real_ip_header",
                    "real_ip_recursive",
                    "client_max_body_size",
                    "client_header_timeout",
                    "client_body_timeout",
                    "send_timeout",
                    "keepalive_timeout",
                    "keepalive_requests",
                    "large_client_header_buffers",
                    "worker_processes",
                    "worker_connections",
                    "proxy_ssl_verify",
                    "ssl_protocols",
                    "ssl_ciphers",
                    "ssl_prefer_server_ciphers",
                    "ssl_session_tickets",
                    "ssl_session_timeout" -> true;
            default -> false;
        };
    }

    /** Whether Kong has the key but nothing here depends on it. */
    static boolean hasNoEffect(String key) {
        return WITHOUT_EFFECT.contains(key) || FAMILIES_WITHOUT_EFFECT.stream().anyMatch(key::startsWith);
    }

    /** Whether Kong's ingress controller has the key and it means the same here. */
    static boolean isOfController(String key) {
        return OF_CONTROLLER.contains(key);
    }

    /** Whether the key is one of the reference that changes nothing yet. */
    static boolean isNotYet(String key) {
        return NOT_YET.contains(key);
    }

    /** Whether the variable is no setting of the node at all. */
    static boolean isNoSetting(String variable) {
        return NOT_SETTINGS.contains(variable);
    }
}
