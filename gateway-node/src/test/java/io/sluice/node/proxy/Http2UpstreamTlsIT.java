package io.sluice.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.tls.TestAuthority;
import io.sluice.state.model.Protocol;
import io.sluice.state.model.Service;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** HTTP/2 to an upstream over TLS, where the upstream may speak first. */
class Http2UpstreamTlsIT {

    private static final TestAuthority AUTHORITY = TestAuthority.root("upstream authority");
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int APPLICATION = 23;

    /** What the upstream sends from its last flight of the handshake on arrives in one piece with its first frame. */
    private static void holdBack(Socket from, RawUpstream.Peer to) {
        try {
            DataInputStream in = new DataInputStream(from.getInputStream());
            ByteArrayOutputStream held = new ByteArrayOutputStream();
            boolean holding = false;
            while (true) {
                byte[] head = in.readNBytes(5);
                if (head.length < 5) {
                    return;
                }
                held.write(head);
                held.write(in.readNBytes((head[3] & 0xFF) << 8 | head[4] & 0xFF));
                holding = head[0] == CHANGE_CIPHER_SPEC || holding && head[0] != APPLICATION;
                if (!holding) {
                    to.write(held.toByteArray());
                    held.reset();
                }
            }
        } catch (IOException e) {
            // one of them has gone
        }
    }

    @Test
    void heedsSettingsThatComeWithTheEndOfTheHandshake() {
        RawUpstream.Script script = peer -> {
            SSLSocket socket = (SSLSocket) peer.socket();
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            parameters.setProtocols(new String[] {"TLSv1.2"}); // where the server has the last word
            socket.setSSLParameters(parameters);
            RawHttp2Upstream.Peer frames = RawHttp2Upstream.over(peer);
            frames.send(RawHttp2.SETTINGS, 0, 0);
            peer.read(RawHttp2.PREFACE.length());
            if (frames.awaitSettingsAck()) {
                frames.good(1);
            }
            frames.await(RawHttp2.GOAWAY);
        };
        try (RawUpstream upstream = RawUpstream.startTls(UpstreamTlsIT.context(AUTHORITY.issue("127.0.0.1")), script);
                RawUpstream between = RawUpstream.start(peer -> {
                    Socket socket = new Socket(InetAddress.getLoopbackAddress(), upstream.port());
                    Thread back = new Thread(() -> holdBack(socket, peer));
                    back.setDaemon(true);
                    back.start();
                    for (int b = peer.read(); b >= 0; b = peer.read()) {
                        socket.getOutputStream().write(b);
                    }
                });
                TestGateway gateway = TestGateway.start(Configs.of(
                        List.of(service(between.port())),
                        List.of(Configs.matching(Configs.route("r", "s", "/"), Set.of(Protocol.GRPC))),
                        List.of()));
                RawHttp2 client = RawHttp2.connect(gateway.listenHttp2()).begin()) {
            client.headers(1, true, RawHttp2.request("POST", "/", "content-type: application/grpc", "te: trailers"));

            assertThat(client.response(1).fields()).contains("grpc-status: 0");
        }
    }

    private static Service service(int port) {
        return Configs.speaking(Configs.service("s", port, null, 0, 5_000), Protocol.GRPCS);
    }
}
