package io.sluice.k8s.translate.consumer;

import io.sluice.k8s.api.KongConsumer;
import io.sluice.k8s.api.KongConsumerGroup;
import io.sluice.k8s.api.Metadata;
import io.sluice.k8s.api.ObjectRef;
import io.sluice.k8s.api.Quote;
import io.sluice.k8s.api.Secret;
import io.sluice.k8s.translate.draft.Claims.Conflict;
import io.sluice.k8s.translate.draft.ConsumerDraft;
import io.sluice.k8s.translate.draft.Context;
import io.sluice.k8s.translate.draft.Draft;
import io.sluice.k8s.translate.draft.Fault;
import io.sluice.state.model.kind.EntityKind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * KongConsumer and KongConsumerGroup. A credential that cannot be used is left out; one that an older consumer has already
 * takes the whole consumer with it, because the two could not be told apart.
 */
public final class ConsumerTranslator {

    /** The controller's word in ids, which is not the plural of the entity. */
    private static final String GROUP_IDS = "consumergroups";

    private final Context context;
    private final CredentialTranslator credentials;

    public ConsumerTranslator(Context context) {
        this.context = context;
        this.credentials = new CredentialTranslator(context);
    }

    /** Puts groups and consumers on the blueprint. */
    public void translate() {
        context.objects().all(KongConsumerGroup.class).stream()
                .filter(group -> context.ours(group.metadata()))
                .forEach(this::group);
        context.objects().all(KongConsumer.class).stream()
                .filter(consumer -> context.ours(consumer.metadata()))
                .forEach(this::consumer);
    }

    private void group(KongConsumerGroup object) {
        Metadata metadata = object.metadata();
        Draft draft = new Draft(EntityKind.CONSUMER_GROUP, object.ref())
                .set("name", metadata.name())
                .set("id", Context.id(GROUP_IDS, metadata.name()))
                .set("tags", context.tags(metadata));
        List<Fault> faults = context.faults(draft);
        context.refuse(object.ref(), "metadata", faults);
        if (faults.isEmpty() && claim(draft)) {
            context.findings().use(object.ref());
            context.blueprint().groups().add(draft);
        }
    }

    private void consumer(KongConsumer object) {
        ConsumerDraft draft = new ConsumerDraft(object.metadata());
        Draft consumer = draft.consumer();
        if (!object.username().isEmpty()) {
            consumer.set("username", object.username());
        }
        if (!object.customId().isEmpty()) {
            consumer.set("custom_id", object.customId());
        }
        String key = object.username().isEmpty() ? "custom_id:" + object.customId() : object.username();
        consumer.set("id", Context.id("consumers", key)).set("tags", context.tags(object.metadata()));
        List<Object> groups = groups(object);
        if (!groups.isEmpty()) {
            consumer.set("groups", groups);
        }
        List<Fault> faults = context.faults(consumer);
        context.refuse(object.ref(), "", faults);
        int mark = context.blueprint().claims().mark();
        if (!faults.isEmpty() || !claim(consumer)) {
            return;
        }
        Set<String> names = new LinkedHashSet<>(object.credentials());
        for (String name : names) {
            credential(draft, name, "credentials[" + object.credentials().indexOf(name) + "]");
        }
        if (draft.credentials().stream().allMatch(one -> claim(draft, one))) {
            context.findings().use(object.ref());
            draft.credentials().forEach(one -> context.findings().use(one.source()));
            context.blueprint().consumers().add(draft);
        } else {
            context.blueprint().claims().release(mark);
        }
    }

    private List<Object> groups(KongConsumer object) {
        List<Object> groups = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>(object.groups());
        for (String name : names) {
            String namespace = object.metadata().namespace();
            ObjectRef ref = new ObjectRef("KongConsumerGroup", namespace, name);
            boolean there = context.blueprint().groups().stream()
                    .anyMatch(group -> group.source().equals(ref));
            if (there) {
                groups.add(Map.of("name", name));
            } else {
                String place = "consumerGroups[" + object.groups().indexOf(name) + "]";
                String expected = " (expected: a KongConsumerGroup of namespace " + namespace + " and of our class)";
                context.findings().partly(object.ref(), place, Quote.of(name) + expected);
            }
        }
        return groups;
    }

    private void credential(ConsumerDraft consumer, String name, String place) {
        String namespace = consumer.metadata().namespace();
        Optional<Secret> secret = context.objects().find(Secret.class, namespace, name);
        if (secret.isEmpty()) {
            String reason = Quote.of(name) + " (expected: a secret of namespace " + namespace + ")";
            context.findings().partly(consumer.metadata().ref(), place, reason);
            return;
        }
        Optional<Draft> credential = credentials.credential(secret.get(), consumer.consumer());
        credential.filter(one -> isNew(consumer, one)).ifPresent(consumer.credentials()::add);
        if (credential.isEmpty()) {
            String reason = Quote.of(name) + " has no usable credential (see that secret)";
            context.findings().partly(consumer.metadata().ref(), place, reason);
        }
    }

    /** A consumer is in a group once, whatever number of secrets say so. */
    private boolean isNew(ConsumerDraft consumer, Draft credential) {
        String membership = consumer.reference() + "\0" + credential.text("group");
        return credential.kind() != EntityKind.ACL
                || context.blueprint()
                        .claims()
                        .claim("acls", membership, credential.source())
                        .isEmpty();
    }

    /** Whether nobody else has the names that only one may have. */
    private boolean claim(Draft draft) {
        Optional<Conflict> conflict = context.blueprint().claims().claim(draft);
        conflict.ifPresent(one -> {
            String field = draft.kind() == EntityKind.CONSUMER_GROUP ? "metadata.name" : one.field();
            String reason = Quote.of(draft.text(one.field())) + " is that of " + one.owner()
                    + ", which is older (expected: another)";
            context.findings().refuse(draft.source(), field, reason);
        });
        return conflict.isEmpty();
    }

    private boolean claim(ConsumerDraft consumer, Draft credential) {
        Optional<Conflict> conflict = context.blueprint().claims().claim(credential);
        conflict.ifPresent(one -> {
            String same = "its " + one.field() + " is that of " + one.owner()
                    + ", which an older consumer has (expected: another)";
            context.findings().refuse(consumer.metadata().ref(), "credentials", credential.source() + ": " + same);
            context.findings().partly(credential.source(), "data[" + one.field() + "]", same);
        });
        return conflict.isEmpty();
    }
}
