package io.sluice.node.settings;

import java.util.Optional;

/** What the node says it is. */
public final class Version {

    /** The Kong whose words we speak; tools such as deck and the ingress controller decide by it. */
    public static final String KONG = "3.9.3";

    private Version() {}

    /** Our own version; {@code dev} outside a jar. */
    public static String sluice() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("dev");
    }
}
