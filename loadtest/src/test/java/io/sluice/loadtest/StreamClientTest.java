package io.sluice.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long bodies between the client and the server without a gateway in the middle. */
class StreamClientTest {
    private static final long BYTES = 3_000_001; // neither a whole chunk nor a whole block

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bodiesArriveWholeInBothDirections(boolean chunked) throws IOException {
        try (var server = new StreamServer(0)) {
            var client = new StreamClient(target(server.port()), BYTES, 1);

            assertThatCode(() -> client.up(chunked)).doesNotThrowAnyException();
            assertThatCode(() -> client.down(chunked)).doesNotThrowAnyException();
        }
    }

    @Test
    void swappedBlocksChangeTheChecksum() throws IOException {
        var out = new ByteArrayOutputStream();
        long checksum = Payload.write(out, 32 * 1024, false);
        var swapped = new ByteArrayOutputStream();
        swapped.write(out.toByteArray(), 16 * 1024, 16 * 1024);
        swapped.write(out.toByteArray(), 0, 16 * 1024);

        var received = Payload.drain(new ByteArrayInputStream(swapped.toByteArray()), 32 * 1024, 0);

        assertThat(received.length()).isEqualTo(32 * 1024);
        assertThat(received.checksum()).isNotEqualTo(checksum);
    }

    @Test
    void aBodyThatEndsEarlyIsAnError() {
        var body = new LimitedInput(new ByteArrayInputStream(new byte[10]), 11);

        assertThatThrownBy(body::readAllBytes).hasMessage("connection ended with 1 bytes of the body missing");
    }

    @Test
    void idleConnectionsAnswerAgain() throws IOException {
        try (var server = new StreamServer(0);
                var connections = new IdleConnections(target(server.port()))) {
            connections.open(20);

            assertThat(connections.alive()).isEqualTo(20);
        }
    }

    private static Target target(int port) {
        return Target.of("http://127.0.0.1:" + port + "/", List.of());
    }
}
