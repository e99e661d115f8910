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
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Bodies that plugins want whole, on many streams of one connection. */
class Http2BodiesIT {

    private static final int MEBIBYTE = 1024 * 1024;
    private static final int PIECE = 16 * 1024;

    private static void send(RawHttp2 client, int stream, int mebibytes) {
        byte[] data = RawHttp2.frameBytes(RawHttp2.DATA, 0, stream, new byte[PIECE]);
        client.sendWhilePossible(data, mebibytes * MEBIBYTE / PIECE);
    }

    private static void begin(RawHttp2 client, int stream) {
        client.headers(stream, false, RawHttp2.request("POST", "/" + stream, "content-length: " + 20 * MEBIBYTE));
    }

    @Test
    void shareABudgetThatNoneAloneIsHeldTo() {
        try (RawUpstream upstream = RawUpstream.start(peer -> {
                    peer.readHead();
                    peer.read(20 * MEBIBYTE);
                    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    peer.readHead();
                });
                TestGateway gateway = TestGateway.start(
                        Configs.with(Configs.to(upstream.port()), Configs.plugin("body-keeper", Map.of())),
                        ProxySettings.DEFAULT,
                        List.of(new Keeper()));
                RawHttp2 client = RawHttp2.connect(gateway.listenHttp2()).begin()) {
            begin(client, 1);
            send(client, 1, 10);
            begin(client, 3);
            send(client, 3, 8);

            RawHttp2.Response refused = client.response(3);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.body()).contains("too many request bodies at a time on this connection");

            send(client, 1, 10); // alone again
            client.frame(RawHttp2.DATA, 1, 1, new byte[0]);
            assertThat(client.response(1).status()).isEqualTo(200);
        }
    }

    /** Wants every body whole. */
    private static final class Keeper implements PluginFactory, Plugin {
        @Override
        public String name() {
            return "body-keeper";
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
            return new Verdict.Later(
                    exchange.request().body(32 * MEBIBYTE).handle((body, failure) -> Verdict.CONTINUE));
        }
    }
}
