package io.sluice.k8s.translate.consumer;

import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.Quote;
import io.sluice.k8s.api.Secret;
import io.sluice.k8s.translate.draft.Context;
import io.sluice.k8s.translate.draft.Draft;
import io.sluice.k8s.translate.draft.Fault;
import io.sluice.k8s.translate.draft.Words;
import io.sluice.state.model.kind.EntityKind;
import io.sluice.state.model.schema.Field;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A labelled Secret as a credential. Its values are never shown. */
final class CredentialTranslator {

    private static final String LABEL = "konghq.com/credential";

    private static final Map<String, EntityKind> TYPES = Map.of(
            "key-auth", EntityKind.KEYAUTH_CREDENTIAL,
            "basic-auth", EntityKind.BASICAUTH_CREDENTIAL,
            "hmac-auth", EntityKind.HMACAUTH_CREDENTIAL,
            "jwt", EntityKind.JWT_SECRET,
            "oauth2", EntityKind.OAUTH2_CREDENTIAL,
            "mtls-auth", EntityKind.MTLS_AUTH_CREDENTIAL,
            "acl", EntityKind.ACL);

    /** What a secret must have although the gateway could make one up: other nodes would make up another. */
    private static final Map<EntityKind, List<String>> NEEDED = Map.of(
            EntityKind.KEYAUTH_CREDENTIAL, List.of("key"),
            EntityKind.BASICAUTH_CREDENTIAL, List.of("username", "password"),
            EntityKind.HMACAUTH_CREDENTIAL, List.of("username", "secret"),
            EntityKind.JWT_SECRET, List.of("key"),
            EntityKind.OAUTH2_CREDENTIAL, List.of("name", "client_id", "client_secret"),
            EntityKind.MTLS_AUTH_CREDENTIAL, List.of("subject_name"),
            EntityKind.ACL, List.of("group"));

    private static final Set<String> PUBLIC_KEY = Set.of("RS", "PS", "ES", "Ed");

    private final Context context;

    CredentialTranslator(Context context) {
        this.context = context;
    }

    /** The credential; empty, and told to the secret, if it cannot be one. */
    Optional<Draft> credential(Secret secret, Draft consumer) {
        String type = secret.metadata().labels().getOrDefault(LABEL, "");
        EntityKind kind = TYPES.get(type);
        if (kind == null) {
            String given = type.isEmpty() ? "is missing" : Quote.of(type);
            String expected = " (expected: one of " + String.join(", ", new TreeSet<>(TYPES.keySet())) + ")";
            context.findings().refuse(secret.ref(), "metadata.labels[" + LABEL + "]", given + expected);
            return Optional.empty();
        }
        Draft draft = new Draft(kind, secret.ref());
        for (Field field : kind.schema().fields()) {
            String value = secret.values().get(field.name());
            if (value != null && !field.name().equals("id") && !field.name().equals("consumer")) {
                set(draft, field.name(), value);
            }
        }
        if (kind == EntityKind.JWT_SECRET && draft.text("algorithm").isEmpty()) {
            draft.set("algorithm", "HS256");
        }
        if (!complete(draft)) {
            return Optional.empty();
        }
        draft.set("consumer", Map.of("id", consumer.text("id")));
        List<Fault> faults = context.faults(draft);
        for (Fault fault : faults) {
            String field = fault.path().isEmpty() ? "data" : "data[" + fault.top() + "]";
            context.findings().refuse(secret.ref(), field, fault.hidden(draft.fields()));
        }
        draft.remove("consumer"); // it is nested in the consumer
        return faults.isEmpty() ? Optional.of(draft.set("tags", context.tags(secret.metadata()))) : Optional.empty();
    }

    private void set(Draft draft, String field, String value) {
        switch (field) {
            case "redirect_uris" -> draft.set(field, Words.of(value));
            case "hash_secret" -> flag(draft, field, value.strip().toLowerCase(Locale.ROOT));
            case "ca_certificate" -> draft.set(field, Map.of("id", value.strip()));
            case "ttl" -> number(draft, field, value.strip());
            case "tags", "created_at" -> {}
            default -> draft.set(field, value);
        }
    }

    private void flag(Draft draft, String field, String value) {
        boolean known = value.equals("true") || value.equals("false") || value.equals("1") || value.equals("0");
        draft.set(field, value.equals("true") || value.equals("1"));
        if (!known) {
            tell(draft.source(), field, "is taken as false (expected: true or false)");
        }
    }

    private void number(Draft draft, String field, String value) {
        try {
            draft.set(field, (long) Integer.parseInt(value));
        } catch (NumberFormatException e) {
            tell(draft.source(), field, "is left out (expected: a whole number of seconds)");
        }
    }

    private boolean complete(Draft draft) {
        boolean complete = true;
        for (String field : NEEDED.getOrDefault(draft.kind(), List.of())) {
            complete &= has(draft, field);
        }
        if (draft.kind() == EntityKind.JWT_SECRET && draft.text("algorithm").length() >= 2) {
            boolean open = PUBLIC_KEY.contains(draft.text("algorithm").substring(0, 2));
            complete &= has(draft, open ? "rsa_public_key" : "secret");
        }
        return complete;
    }

    private boolean has(Draft draft, String field) {
        if (draft.text(field).isEmpty()) {
            context.findings().refuse(draft.source(), "data[" + field + "]", "is missing (expected: a value)");
            return false;
        }
        return true;
    }

    private void tell(ObjectRef secret, String field, String reason) {
        context.findings().partly(secret, "data[" + field + "]", reason);
    }
}
