package io.sluice.node.settings;

/**
 * A value somebody wrote for a key.
 *
 * @param value never blank
 * @param origin the name it was given by, for example {@code KONG_PROXY_LISTEN}
 */
record Given(String value, String origin) {}
