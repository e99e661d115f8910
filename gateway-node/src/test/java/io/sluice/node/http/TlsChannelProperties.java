package io.sluice.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.node.tls.CertificateView;
import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.ServerTls;
import io.sluice.node.tls.TlsProfile;
import io.sluice.node.tls.TlsRules;
import io.sluice.node.tls.UpstreamTrust;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class TlsChannelProperties {

    private static final ServerTls SERVER = server("TLSv1.2", "TLSv1.3");
    private static final ServerTls OLD_SERVER = server("TLSv1.2");
    private static final TlsProfile CLIENT = profile();

    private static ServerTls server(String... versions) {
        try {
            TlsRules usual = TlsRules.DEFAULT;
            return ServerTls.of(
                    new TlsRules(List.of(versions), usual.suites(), false, Duration.ofHours(1), 10, true),
                    () -> CertificateView.EMPTY,
                    List.of(CertifiedKey.selfSigned(Instant.now())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TlsProfile profile() {
        try {
            return TlsProfile.of(new TlsProfile.Rules(false, 1, List.of(), null), UpstreamTrust.DEFAULT);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One end of a connection, with all that it has got and has to send. */
    private static final class End {
        private final TlsBuffers buffers = new TlsBuffers(64 * 1024);
        private final TlsChannel channel;
        private final OutBuffer out = OutBuffer.onHeap(64 * 1024);
        private final ByteWriter got = new ByteWriter(1024);

        End(SSLEngine engine) {
            channel = new TlsChannel(engine, buffers);
        }

        void take(byte[] bytes, int from, int to) throws SSLException {
            ByteBuffer plain = buffers.plain();
            channel.received(ByteBuffer.wrap(bytes, from, to - from), plain, out);
            got.put(plain.flip());
            while (channel.wantsTasks()) {
                channel.runTasks();
                plain = buffers.plain();
                channel.tasksDone(plain, out);
                got.put(plain.flip());
            }
        }

        byte[] sent() {
            ByteWriter copy = new ByteWriter(out.length());
            out.copyFrom(0, copy);
            out.clear();
            return Arrays.copyOf(copy.array(), copy.length());
        }

        byte[] received() {
            return Arrays.copyOf(got.array(), got.length());
        }
    }

    private static End client() throws SSLException {
        End client = new End(CLIENT.engine("up.test", 443));
        client.channel.begin(client.out);
        return client;
    }

    private static End server(ServerTls tls) {
        return new End(tls.engine(List.of("http/1.1"), name -> {}));
    }

    private static void pass(End from, End to, Random random, int most) throws SSLException {
        byte[] bytes = from.sent();
        int at = 0;
        while (at < bytes.length) {
            int next = Math.min(bytes.length, at + 1 + random.nextInt(most));
            to.take(bytes, at, next);
            at = next;
        }
    }

    private static void shakeHands(End client, End server, Random random, int most) throws SSLException {
        for (int i = 0; i < 6; i++) {
            pass(client, server, random, most);
            pass(server, client, random, most);
        }
        assertThat(client.channel.established()).isTrue();
        assertThat(server.channel.established()).isTrue();
    }

    @Property(tries = 60)
    void anySegmentationGivesTheSameBytes(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 60_000) int most,
            @ForAll @IntRange(max = 120_000) int length,
            @ForAll boolean old)
            throws SSLException {
        Random random = new Random(seed);
        End client = client();
        End server = server(old ? OLD_SERVER : SERVER);
        shakeHands(client, server, random, Math.min(most, 2_000));
        byte[] content = new byte[length];
        random.nextBytes(content);

        client.channel.send(ByteBuffer.wrap(content), client.out);
        pass(client, server, random, most);
        server.channel.send(ByteBuffer.wrap(content), server.out);
        server.channel.end(server.out);
        pass(server, client, random, most);

        assertThat(server.received()).isEqualTo(content);
        assertThat(client.received()).isEqualTo(content);
        assertThat(client.channel.inputEnded()).isTrue();
        assertThat(server.channel.inputEnded()).isFalse();
    }

    @Property(tries = 200)
    void anyChangedByteEndsTheConnectionAndGivesNothingFalse(@ForAll long seed) throws SSLException {
        Random random = new Random(seed);
        End client = client();
        End server = server(SERVER);
        shakeHands(client, server, random, 1_000);
        client.channel.send(ByteBuffer.wrap("what was said".getBytes(StandardCharsets.US_ASCII)), client.out);
        byte[] record = client.sent();
        record[5 + random.nextInt(record.length - 5)] ^= (byte) (1 << random.nextInt(8));

        assertThatThrownBy(() -> server.take(record, 0, record.length)).isInstanceOf(SSLException.class);
        server.channel.fail(server.out);

        assertThat(server.received()).isEmpty();
        assertThat(server.sent()).isNotEmpty(); // the alert
        assertThat(server.channel.outputEnded()).isTrue();
    }

    @Property(tries = 300)
    void anyGarbageInTheHandshakeIsRefusedOrWaitedFor(@ForAll byte[] garbage) {
        End server = server(SERVER);

        try {
            server.take(garbage, 0, garbage.length);
        } catch (SSLException e) {
            server.channel.fail(server.out);
        }

        assertThat(server.channel.established()).isFalse();
        assertThat(server.received()).isEmpty();
    }

    @Example
    void recordsWithoutContentAreRefusedAfterSomeInARow() throws SSLException {
        End client = client();
        End server = server(SERVER);
        shakeHands(client, server, new Random(1), 1_000);
        byte[] some = keyUpdates(client, 30);
        byte[] many = keyUpdates(client, 70);

        server.take(some, 0, some.length);
        assertThatThrownBy(() -> server.take(many, 0, many.length))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("records without content");
    }

    private static byte[] keyUpdates(End from, int count) throws SSLException {
        for (int i = 0; i < count; i++) {
            from.channel.begin(from.out);
        }
        return from.sent();
    }

    @Example
    void moreThanAHandshakeNeedsIsNotKept() {
        End server = server(SERVER);
        byte[] drip = new byte[16];
        drip[0] = 22;
        drip[1] = 3;
        drip[2] = 1;
        drip[3] = 127;

        assertThatThrownBy(() -> server.take(drip, 0, drip.length)).isInstanceOf(SSLException.class);
    }
}
