package io.sluice.k8s.translate.draft;

import io.sluice.k8s.api.Metadata;
import io.sluice.state.model.kind.EntityKind;
import java.util.ArrayList;
import java.util.List;

/** A consumer and what it proves its identity with. Not thread-safe. */
public final class ConsumerDraft {

    private final Metadata metadata;
    private final Draft consumer;
    private final List<Draft> credentials = new ArrayList<>();

    public ConsumerDraft(Metadata metadata) {
        this.metadata = metadata;
        this.consumer = new Draft(EntityKind.CONSUMER, metadata.ref());
    }

    public Metadata metadata() {
        return metadata;
    }

    public Draft consumer() {
        return consumer;
    }

    public List<Draft> credentials() {
        return credentials;
    }

    /** Its username, or its custom id if it has none. */
    public String identifier() {
        return consumer.text("username").isEmpty() ? consumer.text("custom_id") : consumer.text("username");
    }

    /** How other entities refer to it. */
    public Object reference() {
        return consumer.text("username").isEmpty()
                ? java.util.Map.of("id", consumer.text("id"))
                : consumer.text("username");
    }
}
