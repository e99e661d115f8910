package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.Exchange;
import io.sluice.node.plugin.Phase;
import io.sluice.node.plugin.Plugin;
import io.sluice.node.plugin.PluginContext;
import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugin.Verdict;
import io.sluice.node.settings.ProxySettings;
import io.sluice.state.model.schema.Schema;
import io.sluice.state.model.schema.Settings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A plugin that reads bodies of up to ten bytes and goes on if they are larger: the upstream gets every byte all the same. */
class BodyForPluginIT {

    @Test
    void passesAChunkedBodyOnThatWasTooLargeForThePlugin() throws Exception {
        assertThat(upstreamGets(
                        "Transfer-Encoding: chunked\r\n",
                        "4\r\nabcd\r\n",
                        "9\r\nefghijklm\r\n",
                        "3\r\nnop\r\n0\r\n\r\n"))
                .isEqualTo("abcdefghijklmnop");
    }

    @Test
    void passesAWholeChunkedBodyOnThatWasTooLargeForThePlugin() throws Exception {
        assertThat(upstreamGets("Transfer-Encoding: chunked\r\n", "f\r\nabcdefghijklmno\r\n0\r\n\r\n"))
                .isEqualTo("abcdefghijklmno");
    }

    @Test
    void passesALongBodyOnThatWasTooLargeForThePlugin() throws Exception {
        assertThat(upstreamGets("Content-Length: 16\r\n", "abcdefgh", "ijklmnop"))
                .isEqualTo("abcdefghijklmnop");
    }

    @Test
    void passesABodyOnThatThePluginHasRead() throws Exception {
        assertThat(upstreamGets("Transfer-Encoding: chunked\r\n", "4\r\nabcd\r\n0\r\n\r\n"))
                .isEqualTo("abcd");
    }

    private static String upstreamGets(String framing, String... pieces) throws Exception {
        try (RawUpstream upstream = RawUpstream.start(BodyForPluginIT::echo);
                TestGateway gateway = TestGateway.start(
                        Configs.with(Configs.to(upstream.port()), Configs.plugin("body-reader", Map.of())),
                        ProxySettings.DEFAULT,
                        List.of(new Factory()));
                RawClient client = gateway.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n");
            for (String piece : pieces) {
                client.send(piece);
            }
            return client.readResponse().body();
        }
    }

    /** Answers with the content of the body. */
    private static void echo(RawUpstream.Peer peer) throws IOException {
        String head = peer.readHead();
        StringBuilder body = new StringBuilder();
        if (head.contains("chunked")) {
            for (int size = size(peer); size > 0; size = size(peer)) {
                body.append(new String(peer.read(size)));
                peer.read(2);
            }
            peer.read(2);
        } else {
            int at = head.indexOf("Content-Length: ") + 16;
            body.append(new String(peer.read(Integer.parseInt(head.substring(at, head.indexOf('\r', at))))));
        }
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static int size(RawUpstream.Peer peer) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = peer.read(); b != '\n'; b = peer.read()) {
            line.append((char) b);
        }
        return Integer.parseInt(line.toString().strip(), 16);
    }

    private static final class Factory implements PluginFactory, Plugin {
        @Override
        public String name() {
            return "body-reader";
        }

        @Override
        public int priority() {
            return 1;
        }

        @Override
        public Schema settings() {
            return Schema.of();
        }

        @Override
        public Set<Phase> phases() {
            return Set.of(Phase.ACCESS);
        }

        @Override
        public Plugin create(Settings settings, PluginContext context) {
            return this;
        }

        @Override
        public Verdict access(Exchange exchange) {
            return new Verdict.Later(exchange.request().body(10).handle((body, failure) -> Verdict.CONTINUE));
        }
    }
}
