package io.sluice.node.upstream.probe;

import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.stream.TLSClosing;
import org.apache.pekko.stream.TLSProtocol.SendBytes;
import org.apache.pekko.stream.TLSProtocol.SessionBytes;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.TLS;
import org.apache.pekko.util.ByteString;

/** TLS around a connection. */
final class TlsFlow {

    private TlsFlow() {}

    static Flow<ByteString, ByteString, ?> of(Supplier<SSLEngine> engine, Flow<ByteString, ByteString, ?> connection) {
        return Flow.of(ByteString.class)
                .map(bytes -> (SslTlsOutbound) new SendBytes(bytes))
                .via(TLS.create(engine, TLSClosing.eagerClose()).join(connection))
                .filter(SessionBytes.class::isInstance)
                .map(in -> ((SessionBytes) in).bytes());
    }
}
