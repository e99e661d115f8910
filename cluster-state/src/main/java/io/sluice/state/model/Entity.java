package io.sluice.state.model;

import java.util.List;
import java.util.UUID;

/** What every configured object has: an identity that survives reloads, and tags. */
public sealed interface Entity
        permits Service,
                Route,
                Consumer,
                ConsumerGroup,
                PluginConfig,
                Upstream,
                Target,
                Certificate,
                Sni,
                CaCertificate,
                Vault,
                KeySet,
                Key,
                Credential {

    /** Stable identity: given by the user or derived from the natural key (UUID version 5). */
    UUID id();

    /** Free labels; never null, in the order given. */
    List<String> tags();
}
