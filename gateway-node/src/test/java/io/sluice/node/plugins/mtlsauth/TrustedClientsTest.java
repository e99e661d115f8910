package io.sluice.node.plugins.mtlsauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugins.mtlsauth.MtlsAuthSettings.Revocation;
import io.sluice.node.tls.CertifiedKey;
import io.sluice.node.tls.OcspResponder;
import io.sluice.node.tls.TestAuthority;
import io.sluice.node.tls.TestAuthority.More;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose certificates count, above all while their authority cannot be asked. */
class TrustedClientsTest {

    private static final TestAuthority CLIENTS = TestAuthority.root("clients");
    private static final TestAuthority STRANGERS = TestAuthority.root("strangers");
    private static final Executor FULL = task -> {
        throw new RejectedExecutionException("full");
    };

    private OcspResponder responder;
    private X509Certificate own;
    private Executor asking = Runnable::run;
    private long millis = System.currentTimeMillis();

    @BeforeEach
    void start() throws IOException {
        responder = OcspResponder.of(CLIENTS);
        own = CLIENTS.issue(More.responder(responder.url()), "alice.test")
                .read()
                .chain()
                .get(0);
    }

    @AfterEach
    void stop() {
        responder.close();
    }

    private TrustedClients clients(Revocation mode) {
        MtlsAuthSettings settings =
                new MtlsAuthSettings(List.of(), false, false, false, false, false, mode, 60_000, 200);
        ChainCheck chains = new ChainCheck(Map.of(new UUID(0, 1), CLIENTS.certificate()), false);
        InstantSource clock = () -> Instant.ofEpochMilli(millis);
        return new TrustedClients(chains, settings, clock, Runnable::run, task -> asking.execute(task));
    }

    private static boolean trusted(TrustedClients clients, List<X509Certificate> chain) {
        TrustedClients.Result known = clients.known(chain);
        return (known != null ? known : clients.find(chain).join()).trusted();
    }

    @Test
    void asksOnceForAPathWhateverIsShownWithIt() {
        Queue<Runnable> waiting = new ArrayDeque<>();
        asking = waiting::add;
        TrustedClients clients = clients(Revocation.STRICT);
        CertifiedKey garbage = STRANGERS.issue("garbage.test").read();
        List<CompletableFuture<TrustedClients.Result>> searches = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            List<X509Certificate> chain = new ArrayList<>(List.of(own));
            for (int more = 0; more < i; more++) {
                chain.add(garbage.chain().get(0));
            }
            searches.add(clients.find(chain));
        }

        assertThat(waiting).hasSize(1);
        waiting.remove().run();
        searches.forEach(search -> assertThat(search.join().trusted()).isTrue());
        assertThat(responder.asked()).isEqualTo(1);
    }

    @Test
    void whoCannotBeAskedForIsRefusedWhereThatIsStrictAndElseNotKept() {
        TrustedClients strict = clients(Revocation.STRICT);
        TrustedClients lenient = clients(Revocation.IGNORE_CA_ERROR);
        responder.revoke(own);
        asking = FULL;

        assertThat(trusted(strict, List.of(own))).isFalse();
        assertThat(trusted(lenient, List.of(own))).isTrue();
        asking = Runnable::run;
        assertThat(trusted(strict, List.of(own))).isFalse();
        assertThat(trusted(lenient, List.of(own))).isFalse();
    }

    @Test
    void whoWasRefusedForAFullQueueIsLetInOnceItIsEmpty() {
        TrustedClients strict = clients(Revocation.STRICT);
        asking = FULL;

        assertThat(trusted(strict, List.of(own))).isFalse();
        asking = Runnable::run;
        assertThat(trusted(strict, List.of(own))).isTrue();
    }

    @Test
    void whatWasTakenBackStaysSoWhileNobodyAnswers() {
        TrustedClients lenient = clients(Revocation.IGNORE_CA_ERROR);
        responder.revoke(own);
        assertThat(trusted(lenient, List.of(own))).isFalse();

        millis += 61_000;
        asking = FULL;
        assertThat(trusted(lenient, List.of(own))).isFalse();
        responder.close();
        asking = Runnable::run;
        assertThat(trusted(lenient, List.of(own))).isFalse();
        millis += 61_000;
        assertThat(trusted(lenient, List.of(own))).isFalse();
    }

    @Test
    void anAnswerThatComesTooLateCountsForTheNextRequests() {
        Queue<Runnable> waiting = new ArrayDeque<>();
        asking = waiting::add;
        TrustedClients lenient = clients(Revocation.IGNORE_CA_ERROR);
        responder.revoke(own);

        assertThat(trusted(lenient, List.of(own))).isTrue();
        waiting.remove().run();
        assertThat(trusted(lenient, List.of(own))).isFalse();
    }
}
