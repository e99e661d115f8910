package io.sluice.k8s.translate.plugin;

import io.sluice.k8s.api.Metadata;
import io.sluice.k8s.api.ReferenceGrant;
import io.sluice.k8s.api.WatchedKinds;
import io.sluice.k8s.translate.draft.Context;

/** Whether an object may refer to a plugin of another namespace. */
public final class Grants {

    private final Context context;

    public Grants(Context context) {
        this.context = context;
    }

    /** Within a namespace always; else if the other namespace grants it. */
    public boolean allow(Metadata referrer, String namespace, String plugin) {
        if (namespace.equals(referrer.namespace())) {
            return true;
        }
        ReferenceGrant.From from = new ReferenceGrant.From(referrer.group(), referrer.kind(), referrer.namespace());
        ReferenceGrant.To to = new ReferenceGrant.To(WatchedKinds.KONG, "KongPlugin", plugin);
        return context.objects().all(ReferenceGrant.class).stream()
                .anyMatch(grant -> grant.metadata().namespace().equals(namespace) && grant.allows(from, to));
    }
}
