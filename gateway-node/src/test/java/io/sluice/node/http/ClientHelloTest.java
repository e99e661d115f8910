package io.sluice.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHelloTest {

    private static byte[] hello(String version, String name) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        parameters.setServerNames(name.isEmpty() ? List.of() : List.of(new SNIHostName(name)));
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(TlsBuffers.RECORD_BYTES);
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void findsTheServerName(String version) throws Exception {
        assertThat(ClientHello.serverName(ByteBuffer.wrap(hello(version, "WWW.example.test"))))
                .isEqualTo("www.example.test");
        assertThat(ClientHello.serverName(ByteBuffer.wrap(hello(version, "")))).isEmpty();
    }

    @Test
    void aRecordThatEndsTooEarlyTellsNothing() throws Exception {
        byte[] bytes = hello("TLSv1.3", "www.example.test");

        for (int end = 5; end < bytes.length; end++) {
            assertThat(ClientHello.serverName(ByteBuffer.wrap(bytes, 0, end))).isNull();
        }
    }

    @Test
    void damagedOnesNeverThrow() throws Exception {
        byte[] good = hello("TLSv1.3", "www.example.test");
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                bytes[5 + random.nextInt(bytes.length - 5)] = (byte) random.nextInt(256);
            }
            ByteBuffer record = ByteBuffer.wrap(bytes);

            ClientHello.serverName(record);

            assertThat(record.position()).isZero();
        }
    }

    @Test
    void theLengthIsTheRecords() {
        assertThat(ClientHello.recordLength(ByteBuffer.wrap(new byte[] {22, 3, 1, 1})))
                .isZero();
        assertThat(ClientHello.recordLength(ByteBuffer.wrap(new byte[] {22, 3, 1, 1, 2})))
                .isEqualTo(5 + 258);
    }
}
