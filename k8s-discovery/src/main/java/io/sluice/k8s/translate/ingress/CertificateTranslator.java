package io.sluice.k8s.translate.ingress;

import io.sluice.k8s.api.Ingress;
import io.sluice.k8s.api.Metadata;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.Quote;
import io.sluice.k8s.api.Secret;
import io.sluice.k8s.translate.draft.Context;
import io.sluice.k8s.translate.draft.Draft;
import io.sluice.k8s.translate.draft.Draft.Origin;
import io.sluice.k8s.translate.draft.Fault;
import io.sluice.state.model.kind.EntityKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Secrets with certificates: for the host names of Ingresses, and for services that want one from their client. A host name
 * belongs to the secret that claimed it first. Secrets with the same content are one certificate, known by the oldest of them.
 */
public final class CertificateTranslator {

    private static final String CERTIFICATE = "tls.crt";
    private static final String KEY = "tls.key";

    private final Context context;
    private final Map<String, Optional<Entry>> bySecret = new HashMap<>();
    private final Map<String, Entry> byContent = new TreeMap<>();

    public CertificateTranslator(Context context) {
        this.context = context;
    }

    /** A certificate, the oldest secret it is in, and the host names it is for. */
    private static final class Entry {
        final String certificate;
        final String key;
        final TreeSet<String> hosts = new TreeSet<>();
        Metadata secret;
        boolean needed;

        Entry(Metadata secret, String certificate, String key) {
            this.secret = secret;
            this.certificate = certificate;
            this.key = key;
        }

        String id() {
            return Context.idOf(EntityKind.CERTIFICATE, secret);
        }
    }

    /** Takes up what all secrets that are needed contain, so that ids are settled before anyone refers to them. */
    public void ingresses(List<Ingress> oldestFirst) {
        for (Ingress ingress : oldestFirst) {
            if (context.findings().refused(ingress.ref())) {
                continue;
            }
            for (int i = 0; i < ingress.tls().size(); i++) {
                tls(ingress, ingress.tls().get(i), "spec.tls[" + i + "]");
            }
        }
    }

    /** Takes up a client certificate without giving it host names. */
    public void prepareClient(String namespace, String name) {
        entry(namespace, name, null);
    }

    /** The id of a secret's certificate; empty, and told to who wants it, if it has none. */
    public Optional<String> forClient(String namespace, String name, Origin wanted) {
        Optional<Entry> entry = entry(namespace, name, wanted);
        entry.ifPresent(one -> need(one, namespace, name));
        return entry.map(Entry::id);
    }

    /** Puts the certificates on the blueprint. */
    public void finish() {
        List<Entry> all = new ArrayList<>(byContent.values());
        all.removeIf(entry -> !entry.needed);
        all.sort(Comparator.comparing(Entry::id));
        for (Entry entry : all) {
            Draft draft = new Draft(EntityKind.CERTIFICATE, entry.secret.ref());
            draft.set("id", entry.id())
                    .set("cert", entry.certificate)
                    .set("key", entry.key)
                    .set("tags", context.tags(entry.secret));
            List<Object> snis = new ArrayList<>();
            entry.hosts.forEach(host -> snis.add(new TreeMap<>(Map.of("name", host))));
            if (!snis.isEmpty()) {
                draft.set("snis", snis);
            }
            context.blueprint().claims().claim("certificates.id", entry.id(), entry.secret.ref());
            context.blueprint().certificates().add(draft);
        }
    }

    private void tls(Ingress ingress, Ingress.Tls tls, String place) {
        if (tls.secret().isEmpty() || tls.hosts().isEmpty()) {
            String missing = tls.secret().isEmpty() ? ".secretName" : ".hosts";
            context.findings().note(ingress.ref(), place + missing, "is empty: the entry has no effect");
            return;
        }
        Origin wanted = new Origin(ingress.ref(), place + ".secretName");
        Optional<Entry> entry = entry(ingress.metadata().namespace(), tls.secret(), wanted);
        if (entry.isEmpty()) {
            return;
        }
        for (int i = 0; i < tls.hosts().size(); i++) {
            host(ingress, tls.hosts().get(i), place + ".hosts[" + i + "]", entry.get());
        }
        if (!entry.get().hosts.isEmpty()) {
            need(entry.get(), ingress.metadata().namespace(), tls.secret());
        }
    }

    private void host(Ingress ingress, String host, String place, Entry entry) {
        if (entry.hosts.contains(host)) {
            return;
        }
        String fault = Context.fault(EntityKind.SNI, "name", host);
        if (!fault.isEmpty()) {
            context.findings().partly(ingress.ref(), place, Quote.of(host) + " (" + fault + ")");
            return;
        }
        Optional<ObjectRef> owner = context.blueprint().claims().claim("snis.name", host, ingress.ref());
        if (owner.isPresent()) {
            String reason =
                    Quote.of(host) + " has its certificate from " + owner.get() + " (expected: one certificate)";
            context.findings().partly(ingress.ref(), place, reason);
        } else {
            entry.hosts.add(host);
            context.findings().use(ingress.ref());
        }
    }

    private void need(Entry entry, String namespace, String secret) {
        entry.needed = true;
        context.findings().use(new ObjectRef("Secret", namespace, secret));
    }

    private Optional<Entry> entry(String namespace, String name, @Nullable Origin wanted) {
        Optional<Secret> secret = context.objects().find(Secret.class, namespace, name);
        if (secret.isEmpty()) {
            String reason = Quote.of(name) + " (expected: a secret of namespace " + namespace + ")";
            tell(wanted, reason);
            return Optional.empty();
        }
        Optional<Entry> entry = bySecret.get(namespace + "/" + name);
        if (entry == null) {
            entry = read(secret.get());
            bySecret.put(namespace + "/" + name, entry);
        }
        if (entry.isEmpty()) {
            tell(
                    wanted,
                    Quote.of(name) + " has no usable certificate (expected: tls.crt and tls.key that belong together)");
        }
        return entry;
    }

    private void tell(@Nullable Origin wanted, String reason) {
        if (wanted != null) {
            context.findings().partly(wanted.object(), wanted.place(), reason);
        }
    }

    private Optional<Entry> read(Secret secret) {
        ObjectRef ref = secret.ref();
        for (String name : List.of(CERTIFICATE, KEY)) {
            if (!secret.values().containsKey(name)) {
                context.findings().refuse(ref, "data[" + name + "]", "is missing (expected: PEM)");
                return Optional.empty();
            }
        }
        String certificate = secret.values().getOrDefault(CERTIFICATE, "").strip();
        String key = secret.values().getOrDefault(KEY, "").strip();
        Draft draft =
                new Draft(EntityKind.CERTIFICATE, ref).set("cert", certificate).set("key", key);
        List<Fault> faults = context.faults(draft);
        for (Fault fault : faults) {
            String field =
                    fault.top().equals("cert") ? CERTIFICATE : fault.top().equals("key") ? KEY : "";
            context.findings().refuse(ref, field.isEmpty() ? "data" : "data[" + field + "]", fault.message());
        }
        if (!faults.isEmpty()) {
            return Optional.empty();
        }
        Entry entry = byContent.computeIfAbsent(
                certificate + '\0' + key, content -> new Entry(secret.metadata(), certificate, key));
        if (Metadata.OLDEST_FIRST.compare(secret.metadata(), entry.secret) < 0) {
            entry.secret = secret.metadata();
        }
        return Optional.of(entry);
    }
}
