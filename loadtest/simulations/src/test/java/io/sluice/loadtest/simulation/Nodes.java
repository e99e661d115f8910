package io.sluice.loadtest.simulation;

import static io.gatling.javaapi.http.HttpDsl.http;

import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.util.Arrays;

/** The nodes to send to, from the system property {@code nodes}: ports on loopback, separated by commas. */
final class Nodes {

    private Nodes() {}

    /** Every virtual user goes to one of the nodes, the next one to the next node; connections are kept and shared. */
    static HttpProtocolBuilder protocol() {
        String[] urls = Arrays.stream(
                        System.getProperty("nodes", "8000,8010,8020").split(","))
                .map(port -> "http://127.0.0.1:" + port.trim())
                .toArray(String[]::new);
        return http.baseUrls(urls).shareConnections().disableCaching().disableFollowRedirect();
    }
}
