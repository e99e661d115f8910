package io.sluice.node.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.proxy.Configs;
import io.sluice.node.proxy.RawUpstream;
import io.sluice.node.proxy.TestGateway;
import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.TestAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A browser as a client: a page over HTTP/2 that opens a WebSocket over TLS. Left out where there is no Chromium. */
class ChromiumIT {

    private static final CertifiedKey KEY =
            TestAuthority.root("authority").issue("localhost").read();

    /** Tells its own server how it was loaded and what came over the WebSocket. */
    private static final String PAGE = """
            <!doctype html><title>page</title><script>
            const loaded = performance.getEntriesByType('navigation')[0].nextHopProtocol;
            let got = [];
            const socket = new WebSocket('wss://' + location.host + '/socket');
            socket.onopen = () => socket.send('hello');
            socket.onmessage = message => { got.push(message.data); };
            socket.onclose = end => fetch('/result?' + [loaded, got.join('+'), end.code, end.reason].join('/'));
            </script>
            """;

    private final BlockingQueue<String> results = new LinkedBlockingQueue<>();

    private void serve(RawUpstream.Peer peer) throws IOException {
        for (String head = peer.readHead(); !head.isEmpty(); head = peer.readHead()) {
            String target = head.split(" ", 3)[1];
            if (target.equals("/socket")) {
                webSocket(peer, head);
                return;
            }
            if (target.startsWith("/result?")) {
                results.add(target.substring("/result?".length()));
            }
            String page = target.equals("/page") ? PAGE : "";
            peer.write("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: " + page.length() + "\r\n\r\n"
                    + page);
        }
    }

    private static void webSocket(RawUpstream.Peer peer, String head) throws IOException {
        String key = head.replaceAll("(?is).*\r\nsec-websocket-key: ([^\r]*)\r\n.*", "$1");
        peer.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n");
        byte[] frame = peer.read(6);
        byte[] text = peer.read(frame[1] & 0x7F);
        for (int i = 0; i < text.length; i++) {
            text[i] ^= frame[2 + i % 4];
        }
        peer.write(new byte[] {(byte) 0x81, (byte) text.length});
        peer.write(text);
        peer.write(new byte[] {(byte) 0x88, 6, 0x0f, (byte) 0xa1, 'd', 'o', 'n', 'e'}); // 4001
        peer.read();
    }

    private static String accept(String key) {
        try {
            byte[] both = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(both));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void loadsAPageOverHttp2AndSpeaksAWebSocketOverTls(@TempDir Path profile) throws Exception {
        Program.require("chromium");
        try (RawUpstream upstream = RawUpstream.start(this::serve);
                TestGateway gateway = TestGateway.start(Configs.to(upstream.port()))) {
            int port = gateway.listenTlsHttp2(KEY).getPort();
            Process browser = Program.start(List.of(
                    "chromium",
                    "--headless=new",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--ignore-certificate-errors",
                    "--user-data-dir=" + profile,
                    "https://localhost:" + port + "/page"));
            try {
                browser.getOutputStream().close();
                new Thread(() -> drain(browser), "chromium-output").start();

                assertThat(results.poll(60, TimeUnit.SECONDS)).isEqualTo("h2/hello/4001/done");
            } finally {
                Program.end(browser);
            }
        }
    }

    private static void drain(Process process) {
        try {
            process.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            // it has ended
        }
    }
}
