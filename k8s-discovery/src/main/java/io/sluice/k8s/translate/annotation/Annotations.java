package io.sluice.k8s.translate.annotation;

import io.sluice.k8s.api.Metadata;
import io.sluice.k8s.translate.annotation.FieldAnnotation.Form;
import io.sluice.k8s.translate.draft.Draft;
import io.sluice.k8s.translate.draft.Findings;
import java.util.List;

/**
 * The annotations that change a field, in the order in which they are applied. Others have translators of their own: class,
 * plugins, tags, regex-prefix, rewrite, override, upstream-policy, client-cert, ca-certificates-*, service-upstream.
 */
public final class Annotations {

    private static final List<Annotation> ROUTE = List.of(
            new FieldAnnotation("konghq.com/strip-path", "strip_path", Form.FLAG),
            new ForceSslRedirect(),
            new FieldAnnotation("konghq.com/https-redirect-status-code", "https_redirect_status_code", Form.NUMBER),
            new FieldAnnotation("konghq.com/preserve-host", "preserve_host", Form.FLAG),
            new FieldAnnotation("konghq.com/request-buffering", "request_buffering", Form.SHORT_FLAG),
            new FieldAnnotation("konghq.com/response-buffering", "response_buffering", Form.SHORT_FLAG),
            new Protocols(),
            new FieldAnnotation("konghq.com/regex-priority", "regex_priority", Form.NUMBER),
            new FieldAnnotation("konghq.com/methods", "methods", Form.UPPER_LIST),
            new FieldAnnotation("konghq.com/snis", "snis", Form.LIST),
            new HostAliases(),
            new Headers(),
            new FieldAnnotation("konghq.com/path-handling", "path_handling", Form.TEXT));

    private static final List<Annotation> SERVICE = List.of(
            new FieldAnnotation("konghq.com/protocol", "protocol", Form.TEXT),
            new FieldAnnotation("konghq.com/path", "path", Form.TEXT),
            new FieldAnnotation("konghq.com/connect-timeout", "connect_timeout", Form.NUMBER),
            new FieldAnnotation("konghq.com/write-timeout", "write_timeout", Form.NUMBER),
            new FieldAnnotation("konghq.com/read-timeout", "read_timeout", Form.NUMBER),
            new FieldAnnotation("konghq.com/retries", "retries", Form.NUMBER),
            new FieldAnnotation("konghq.com/tls-verify", "tls_verify", Form.SHORT_FLAG),
            new FieldAnnotation("konghq.com/tls-verify-depth", "tls_verify_depth", Form.NUMBER));

    private static final List<Annotation> UPSTREAM =
            List.of(new FieldAnnotation("konghq.com/host-header", "host_header", Form.TEXT));

    private Annotations() {}

    /** Applies an Ingress's annotations to a route. */
    public static void route(Metadata ingress, Draft route, Findings findings) {
        apply(ROUTE, ingress, route, findings);
    }

    /** Applies a Service's annotations to the gateway's service. */
    public static void service(Metadata object, Draft service, Findings findings) {
        apply(SERVICE, object, service, findings);
        if (service.text("protocol").startsWith("grpc")) {
            service.remove("path"); // as the controller does: gRPC has none
        }
    }

    /** Applies a Service's annotations to the upstream. */
    public static void upstream(Metadata object, Draft upstream, Findings findings) {
        apply(UPSTREAM, object, upstream, findings);
    }

    private static void apply(List<Annotation> all, Metadata metadata, Draft draft, Findings findings) {
        if (!metadata.annotations().isEmpty()) {
            Site site = new Site(metadata, draft, findings);
            all.forEach(annotation -> annotation.apply(site));
        }
    }
}
