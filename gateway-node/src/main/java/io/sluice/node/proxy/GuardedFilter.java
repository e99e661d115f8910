package io.sluice.node.proxy;

import io.sluice.node.plugin.BodyFilter;
import io.sluice.node.plugin.Headers;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;

/** A plugin's body filter whose failures are reported under the plugin's name and end the body. */
final class GuardedFilter implements BodyFilter {

    /** A filter has failed and was reported; carries no stack. */
    static final class FailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private static final FailedException INSTANCE = new FailedException();

        private FailedException() {
            super("body filter failed", null, false, false);
        }
    }

    private final BodyFilter filter;
    private final Consumer<Throwable> report;

    /** @param report told why the filter failed */
    GuardedFilter(BodyFilter filter, Consumer<Throwable> report) {
        this.filter = filter;
        this.report = report;
    }

    @Override
    public ByteString onChunk(ByteString chunk) {
        try {
            return Objects.requireNonNull(filter.onChunk(chunk), "onChunk() gave null");
        } catch (Throwable e) {
            report.accept(e);
            throw FailedException.INSTANCE;
        }
    }

    @Override
    public ByteString onEnd() {
        try {
            return Objects.requireNonNull(filter.onEnd(), "onEnd() gave null");
        } catch (Throwable e) {
            report.accept(e);
            throw FailedException.INSTANCE;
        }
    }

    @Override
    public ByteString onEnd(Headers trailers) {
        try {
            return Objects.requireNonNull(filter.onEnd(trailers), "onEnd() gave null");
        } catch (Throwable e) {
            report.accept(e);
            throw FailedException.INSTANCE;
        }
    }
}
