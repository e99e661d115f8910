package io.sluice.node.config.document;

import io.sluice.k8s.translate.draft.EntityRules;
import io.sluice.state.model.kind.EntityKind;
import io.sluice.state.model.schema.Checked;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rules of declarative files, as the translation of Kubernetes objects asks for them. Thread-safe. */
public final class KubernetesRules implements EntityRules {

    /** For texts out of secrets, which the API server keeps below a megabyte. */
    private static final DocumentLimits SECRET = new DocumentLimits(1 << 20, 64, 100_000);

    private final EntityCheck check;

    public KubernetesRules(EntityCheck check) {
        this.check = check;
    }

    @Override
    public Checked check(EntityKind kind, Map<String, @Nullable Object> given) {
        return check.check(kind, given);
    }

    @Override
    public Optional<Object> json(String text) {
        try {
            return Optional.ofNullable(JsonDocument.read(text, SECRET));
        } catch (DocumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Object> yaml(String text) {
        try {
            return Optional.ofNullable(YamlDocument.read(text, SECRET));
        } catch (DocumentException e) {
            return Optional.empty();
        }
    }
}
