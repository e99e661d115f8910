package io.sluice.k8s.translate.custom;

import io.sluice.k8s.api.KongVault;
import io.sluice.k8s.api.Quote;
import io.sluice.k8s.translate.draft.Context;
import io.sluice.k8s.translate.draft.Draft;
import io.sluice.k8s.translate.draft.Fault;
import io.sluice.state.model.kind.EntityKind;
import java.util.List;

/** KongVault; of several with the same prefix, the oldest counts. */
public final class VaultTranslator {

    private final Context context;

    public VaultTranslator(Context context) {
        this.context = context;
    }

    /** Puts the vaults on the blueprint. */
    public void translate() {
        context.objects().all(KongVault.class).stream()
                .filter(vault -> context.ours(vault.metadata()))
                .forEach(this::vault);
    }

    private void vault(KongVault object) {
        Draft draft = new Draft(EntityKind.VAULT, object.ref())
                .set("name", object.backend())
                .set("prefix", object.prefix())
                .set("id", Context.id("vaults", object.prefix()))
                .set("tags", context.tags(object.metadata()));
        if (!object.config().isEmpty()) {
            draft.set("config", object.config());
        }
        if (!object.description().isEmpty()) {
            draft.set("description", object.description());
        }
        List<Fault> faults = context.faults(draft);
        for (Fault fault : faults) {
            String field = fault.path().equals("name") ? "backend" : fault.path();
            context.findings()
                    .refuse(object.ref(), field.isEmpty() ? "spec" : "spec." + field, fault.told(draft.fields(), true));
        }
        if (!faults.isEmpty()) {
            return;
        }
        context.blueprint()
                .claims()
                .claim(draft)
                .ifPresentOrElse(
                        conflict -> context.findings()
                                .refuse(
                                        object.ref(),
                                        "spec." + conflict.field(),
                                        Quote.of(draft.text(conflict.field())) + " is that of " + conflict.owner()
                                                + ", which is older (expected: another)"),
                        () -> {
                            context.findings().use(object.ref());
                            context.blueprint().vaults().add(draft);
                        });
    }
}
