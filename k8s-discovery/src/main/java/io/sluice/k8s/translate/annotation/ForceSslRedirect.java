package io.sluice.k8s.translate.annotation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** {@code ingress.kubernetes.io/force-ssl-redirect}: plain requests are sent to the encrypted port. */
record ForceSslRedirect() implements Annotation {

    @Override
    public String key() {
        return "ingress.kubernetes.io/force-ssl-redirect";
    }

    @Override
    public void apply(Site site) {
        if (!site.value(key()).equals("true")) {
            return;
        }
        Collection<?> given = site.draft().get("protocols") instanceof Collection<?> some ? some : List.of();
        boolean grpc = given.contains("grpc") || given.contains("grpcs");
        boolean http = given.contains("http") || given.contains("https");
        List<String> secure = new ArrayList<>();
        if (grpc) {
            secure.add("grpcs");
        }
        if (http || !grpc) {
            secure.add("https");
        }
        site.set(key(), "protocols", secure);
        site.set(key(), "https_redirect_status_code", 302L);
    }
}
