package io.sluice.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.settings.ListenSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpListenerIT {

    private final EventLoopGroup group = EventLoopGroup.start(1);
    private final ActorSystem system = ActorSystem.create("tcp-listener");

    @AfterEach
    void stop() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(10, TimeUnit.SECONDS);
        group.close();
    }

    @Test
    void dealsNoMoreConnectionsOnceItIsClosed() throws IOException {
        Materializer materializer = SystemMaterializer.get(system).materializer();
        for (int i = 0; i < 50; i++) {
            TcpListener listener = TcpListener.bind(
                    new ListenSettings("127.0.0.1", 0, false, false, false, false, 16),
                    group,
                    materializer,
                    new TcpListener.Limits(10, 1_000, 1_000),
                    peer -> Flow.of(ByteBuffer.class));
            Thread acceptor = acceptor(listener);

            listener.close();

            assertThat(acceptor.isAlive()).isFalse();
        }
    }

    private static Thread acceptor(TcpListener listener) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName()
                        .equals("sluice-accept-" + listener.address().getPort()))
                .findFirst()
                .orElseThrow();
    }
}
