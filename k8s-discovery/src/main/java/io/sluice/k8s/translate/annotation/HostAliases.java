package io.sluice.k8s.translate.annotation;

import io.sluice.k8s.translate.draft.Words;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** {@code konghq.com/host-aliases}: more hosts besides the rule's. */
record HostAliases() implements Annotation {

    @Override
    public String key() {
        return "konghq.com/host-aliases";
    }

    @Override
    public void apply(Site site) {
        List<String> aliases = Words.of(site.value(key()));
        if (aliases.isEmpty()) {
            return;
        }
        Set<String> hosts = new LinkedHashSet<>();
        if (site.draft().get("hosts") instanceof Collection<?> own) {
            own.forEach(host -> hosts.add(String.valueOf(host)));
        }
        hosts.addAll(aliases);
        site.set(key(), "hosts", List.copyOf(hosts));
    }
}
