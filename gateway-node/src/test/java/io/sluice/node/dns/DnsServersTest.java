package io.sluice.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.dns.DnsServer.Manner;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Many questions at servers that do not answer. */
class DnsServersTest {

    private static final int MANY = 5_000;

    private final Agenda agenda = Agenda.thread();
    private final DnsServer silent = DnsServer.start().manner(Manner.SILENT);
    private final DnsServer honest = DnsServer.start();

    @AfterEach
    void close() {
        agenda.close();
        silent.close();
        honest.close();
    }

    /** How many questions of many that are asked at once end how. */
    private Map<String, Integer> ends(int questions, Duration longestWait, InetSocketAddress... addresses) {
        ResolvConf conf = new ResolvConf(List.of(addresses), List.of(), 1, Duration.ofMillis(500), 1);
        DnsServers servers = new DnsServers(agenda, () -> conf, longestWait);
        List<CompletableFuture<String>> ends = new ArrayList<>();
        for (int i = 0; i < questions; i++) {
            Name name = name("n" + i + ".test.");
            CompletableFuture<String> end = new CompletableFuture<>();
            ends.add(end);
            agenda.add(() ->
                    servers.ask(name, Type.A).whenComplete((message, failure) -> end.complete(end(message, failure))));
        }
        Map<String, Integer> counts = new TreeMap<>();
        CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        ends.forEach(end -> counts.merge(end.join(), 1, Integer::sum));
        return counts;
    }

    private static String end(Message message, Throwable failure) {
        return message != null ? "answer" : failure.getMessage();
    }

    private static Name name(String text) {
        try {
            return Name.fromString(text);
        } catch (TextParseException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void letsNoQuestionWaitWithoutAnEndWhileNobodyAnswers() {
        Map<String, Integer> ends = ends(MANY, Duration.ofMillis(100), silent.address());

        assertThat(ends)
                .containsEntry("127.0.0.1: no answer in time", DnsServers.MOST_AT_ONCE)
                .containsEntry("too many look-ups at once", MANY - DnsServers.MOST_AT_ONCE);
    }

    @Test
    void asksTheServerThatAnswersForWhatHasWaited() {
        Map<String, Integer> ends = ends(1_000, Duration.ofMinutes(1), silent.address(), honest.address());

        assertThat(ends).isEqualTo(Map.of("answer", 1_000));
        assertThat(silent.asked()).hasSizeLessThan(2 * DnsServers.MOST_AT_ONCE);
    }
}
