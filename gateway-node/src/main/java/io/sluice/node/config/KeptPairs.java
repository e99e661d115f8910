package io.sluice.node.config;

import io.sluice.node.tls.CertificateView;
import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.upstream.Kept;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/** Reads certificates and keys, each text once for all revisions that have it: that a pair fits takes a signature to see. */
record KeptPairs(Kept kept) implements CertificateView.PairReader {

    private record Texts(String certificates, String key) {

        /** Keeps private keys out of logs. */
        @Override
        public String toString() {
            return "Texts";
        }
    }

    private record Read(
            @Nullable CertifiedKey pair, @Nullable GeneralSecurityException failure) implements AutoCloseable {

        static Read of(Texts texts) {
            try {
                return new Read(CertifiedKey.read(texts.certificates(), texts.key()), null);
            } catch (GeneralSecurityException e) {
                return new Read(null, e);
            }
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    @Override
    public CertifiedKey read(String certificates, String key) throws GeneralSecurityException {
        Texts texts = new Texts(certificates, key);
        Read read = kept.use(texts, () -> Read.of(texts));
        CertifiedKey pair = read.pair();
        if (pair == null) {
            throw new GeneralSecurityException(
                    read.failure() == null ? null : read.failure().getMessage());
        }
        return pair;
    }
}
