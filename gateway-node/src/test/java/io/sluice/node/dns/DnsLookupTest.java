package io.sluice.node.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.node.dns.DnsServer.Manner;
import io.sluice.node.settings.DnsSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DnsLookupTest {

    private static final List<String> ORDER = List.of("LAST", "SRV", "A", "CNAME");

    @TempDir
    private Path folder;

    private final Agenda agenda = Agenda.thread();
    private final DnsServer server = DnsServer.start();
    private final DnsServer second = DnsServer.start();

    @AfterEach
    void close() {
        agenda.close();
        server.close();
        second.close();
    }

    private DnsLookup lookup(List<String> order, String conf, InetSocketAddress... servers) {
        return lookup(order, conf, Optional.empty(), servers);
    }

    private DnsLookup lookup(List<String> order, String conf, Optional<Duration> valid, InetSocketAddress... servers) {
        write("resolv.conf", "options timeout:1 attempts:1\n" + conf);
        return DnsLookup.of(settings(order, valid, servers), folder.resolve("resolv.conf"), agenda);
    }

    private DnsSettings settings(InetSocketAddress... servers) {
        return settings(ORDER, Optional.empty(), servers);
    }

    private DnsSettings settings(List<String> order, Optional<Duration> valid, InetSocketAddress... servers) {
        return new DnsSettings(
                List.of(servers),
                folder.resolve("hosts"),
                order,
                valid,
                Duration.ofHours(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                100);
    }

    private DnsLookup lookup() {
        return lookup(ORDER, "", server.address());
    }

    private void write(String file, String text) {
        try {
            Files.writeString(folder.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer ask(DnsLookup lookup, String name) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        agenda.add(() -> lookup.look(name).thenAccept(answer::complete));
        return answer.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static List<String> addresses(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Found.class);
        return ((Answer.Found) answer)
                .addresses().stream().map(one -> one.address().getHostAddress()).toList();
    }

    private static Duration valid(Answer answer) {
        return ((Answer.Found) answer).valid();
    }

    @Test
    void findsAddressesAndHowLongTheyHold() {
        server.a("a.test", 20, "10.0.0.2", "10.0.0.1");
        Answer answer = ask(lookup(), "a.test");

        assertThat(addresses(answer)).containsExactly("10.0.0.1", "10.0.0.2");
        assertThat(valid(answer)).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void goesAlongAliasesForTheShortestOfTheirTimes() {
        server.cname("a.test", 7, "b.test").cname("b.test", 30, "c.test").a("c.test", 20, "10.0.0.1");
        Answer answer = ask(lookup(), "a.test");

        assertThat(addresses(answer)).containsExactly("10.0.0.1");
        assertThat(valid(answer)).isEqualTo(Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 40})
    void endsAChainOfAliasesWithoutAnEnd(int length) {
        for (int i = 0; i < length; i++) {
            server.cname("a" + i + ".test", 7, "a" + (i + 1) % length + ".test");
        }

        assertThat(ask(lookup(), "a0.test")).isEqualTo(new Answer.Failed("too many CNAME records in a row"));
    }

    @Test
    void takesTypesInTheirOrderAndThenOnlyWhatThereWasBefore() {
        server.aaaa("a.test", 20, "::1").a("a.test", 20, "10.0.0.1");
        DnsLookup lookup = lookup(List.of("LAST", "SRV", "AAAA", "A"), "", server.address());

        assertThat(addresses(ask(lookup, "a.test"))).containsExactly("0:0:0:0:0:0:0:1");
        // All are asked at once; the answer that counts may be there before the last question is.
        await().untilAsserted(() ->
                assertThat(server.asked()).containsExactlyInAnyOrder("SRV a.test", "AAAA a.test", "A a.test"));
        server.asked().clear();
        ask(lookup, "a.test");
        assertThat(server.asked()).containsExactly("AAAA a.test");
        server.remove("a.test").a("a.test", 20, "10.0.0.1");
        assertThat(addresses(ask(lookup, "a.test"))).containsExactly("10.0.0.1");
    }

    @Test
    void takesServiceRecordsOfTheLowestPriorityWithPortWeightAndName() {
        server.srv("a.test", 20, 5, 10, 7001, "n1.test")
                .srv("a.test", 20, 5, 0, 7002, "n2.test")
                .srv("a.test", 20, 6, 10, 7003, "n3.test")
                .a("n1.test", 60, "10.0.0.1")
                .a("n2.test", 9, "10.0.0.2")
                .a("n3.test", 60, "10.0.0.3")
                .a("a.test", 60, "10.0.0.4");
        Answer answer = ask(lookup(), "a.test");

        assertThat(((Answer.Found) answer).addresses())
                .containsExactly(
                        new ResolvedAddress(Names.address("10.0.0.1"), 7001, 10, "n1.test"),
                        new ResolvedAddress(Names.address("10.0.0.2"), 7002, 1, "n2.test"));
        assertThat(valid(answer)).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void usesTheHostsOfServiceRecordsThatItCanFindAndAsksAgainSoon() {
        server.srv("a.test", 600, 5, 10, 7001, "n1.test")
                .srv("a.test", 600, 5, 10, 7002, "n2.test")
                .a("n1.test", 600, "10.0.0.1")
                .manner("n2.test", Manner.SERVFAIL);
        Answer answer = ask(lookup(), "a.test");

        assertThat(addresses(answer)).containsExactly("10.0.0.1");
        assertThat(valid(answer)).isLessThanOrEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void hostOfServiceRecordsThatCannotBeAskedForKeepsItsAddresses() {
        server.srv("a.test", 600, 5, 10, 7001, "n1.test")
                .srv("a.test", 600, 5, 20, 7002, "n2.test")
                .a("n1.test", 600, "10.0.0.1")
                .a("n2.test", 600, "10.0.0.2");
        DnsLookup lookup = lookup();
        Answer before = ask(lookup, "a.test");
        server.manner("n2.test", Manner.SERVFAIL);

        Answer after = ask(lookup, "a.test");

        assertThat(((Answer.Found) after).addresses()).isEqualTo(((Answer.Found) before).addresses());
        assertThat(valid(after)).isLessThanOrEqualTo(Duration.ofSeconds(10));

        server.manner("n1.test", Manner.SERVFAIL);

        assertThat(ask(lookup, "a.test")).isInstanceOf(Answer.Failed.class);
    }

    @Test
    void saysThatANameIsMissing() {
        server.aaaa("six.test", 20, "::1");

        assertThat(ask(lookup(), "a.test")).isInstanceOf(Answer.Missing.class);
        assertThat(ask(lookup(), "six.test")).isInstanceOf(Answer.Missing.class);
        assertThat(ask(lookup(), "x".repeat(64) + ".test")).isEqualTo(new Answer.Missing("no valid host name"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Manner.class,
            names = {"SILENT", "GARBAGE", "WRONG_ID", "WRONG_NAME", "SERVFAIL"})
    void asksTheNextServerIfOneIsOfNoUseAndThenThatOneFirst(Manner manner) {
        server.a("a.test", 20, "10.0.0.66").manner(manner);
        second.a("a.test", 20, "10.0.0.1");
        DnsLookup lookup = lookup(ORDER, "", server.address(), second.address());

        assertThat(addresses(ask(lookup, "a.test"))).containsExactly("10.0.0.1");
        server.asked().clear();
        assertThat(addresses(ask(lookup, "a.test"))).containsExactly("10.0.0.1");
        assertThat(server.asked()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Manner.class,
            names = {"SILENT", "GARBAGE", "WRONG_ID", "WRONG_NAME", "SERVFAIL"})
    void failsIfNoServerIsOfUse(Manner manner) {
        server.a("a.test", 20, "10.0.0.66").manner(manner);

        assertThat(ask(lookup(), "a.test")).isInstanceOf(Answer.Failed.class);
    }

    @Test
    void doesNotLetASilentTypeKeepBackAnother() {
        server.a("a.test", 20, "10.0.0.1").srv("a.test", 20, 1, 1, 7, "n1.test").manner("n1.test", Manner.SILENT);

        assertThat(addresses(ask(lookup(), "a.test"))).containsExactly("10.0.0.1");
    }

    @Test
    void asksByTcpIfAnAnswerIsCutShort() {
        server.manner("a.test", Manner.TRUNCATED);
        String[] many = new String[300];
        for (int i = 0; i < many.length; i++) {
            many[i] = "10.0." + i / 256 + '.' + i % 256;
        }
        server.a("a.test", 20, many);

        assertThat(addresses(ask(lookup(), "a.test"))).hasSize(300);
        assertThat(server.asked()).contains("tcp A a.test");
    }

    @Test
    void takesNoMoreThanSoManyAddresses() {
        server.manner("a.test", Manner.TRUNCATED);
        String[] many = new String[2_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = "10.0." + i / 256 + '.' + i % 256;
        }
        server.a("a.test", 20, many);

        assertThat(addresses(ask(lookup(), "a.test"))).hasSize(1024);
    }

    @Test
    void asksAServerWithoutExtensionsAgainInItsOwnWay() {
        server.a("a.test", 20, "10.0.0.1").manner(Manner.OLD);

        assertThat(addresses(ask(lookup(), "a.test"))).containsExactly("10.0.0.1");
    }

    @Test
    void looksInTheHostsFileFirst() throws Exception {
        server.a("a.test", 20, "10.0.0.1");
        write("hosts", "10.0.0.9 A.test other # mine\nnonsense b.test\n::1 a.test\n");
        DnsLookup lookup = lookup();

        assertThat(addresses(ask(lookup, "a.TEST"))).containsExactly("10.0.0.9");
        assertThat(server.asked()).isEmpty();
        assertThat(addresses(ask(lookup(List.of("AAAA", "A"), "", server.address()), "a.test")))
                .containsExactly("0:0:0:0:0:0:0:1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST.", "a.localhost", "127.0.0.1"})
    void neverAsksAboutThisHostOrAddresses(String name) {
        server.a(name, 20, "10.0.0.1");

        assertThat(addresses(ask(lookup(), name))).containsExactly("127.0.0.1");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void triesTheDomainsForNamesWithFewDots() {
        server.a("a.one.test", 20, "10.0.0.1").a("a.b", 20, "10.0.0.2").a("c.d.two.test", 20, "10.0.0.3");
        String conf = "search one.test two.test.\noptions ndots:2\n";
        DnsLookup lookup = lookup(List.of("A"), conf, server.address());

        assertThat(addresses(ask(lookup, "a"))).containsExactly("10.0.0.1");
        assertThat(addresses(ask(lookup, "a.b"))).containsExactly("10.0.0.2");
        assertThat(addresses(ask(lookup, "c.d"))).containsExactly("10.0.0.3");
        assertThat(server.asked())
                .containsExactly(
                        "A a.one.test",
                        "A a.b.one.test",
                        "A a.b.two.test",
                        "A a.b",
                        "A c.d.one.test",
                        "A c.d.two.test");
        server.asked().clear();
        ask(lookup, "a.");
        ask(lookup, "x.y.z");
        assertThat(server.asked()).containsExactly("A a", "A x.y.z", "A x.y.z.one.test", "A x.y.z.two.test");
    }

    @Test
    void goesStraightToTheDomainWhereANameWasFoundBefore() {
        server.a("a.two.test", 20, "10.0.0.1");
        DnsLookup lookup = lookup(ORDER, "search one.test two.test\n", server.address());
        ask(lookup, "a");
        server.asked().clear();

        ask(lookup, "a");
        assertThat(server.asked()).containsExactly("A a.two.test");
    }

    @Test
    void keepsAnswersAsLongAsTheSettingsSay() {
        server.a("a.test", 20, "10.0.0.1");
        DnsLookup lookup = lookup(ORDER, "", Optional.of(Duration.ofMinutes(9)), server.address());

        assertThat(valid(ask(lookup, "a.test"))).isEqualTo(Duration.ofMinutes(9));
    }

    @Test
    void failsAtOnceWithoutAServer() {
        assertThat(ask(lookup(ORDER, "nameserver nonsense\n"), "a.test"))
                .isEqualTo(new Answer.Failed("no name server is known"));
    }

    @Test
    void needsNoFileOfTheMachine() {
        server.a("a.test", 20, "10.0.0.1");
        DnsLookup configured = DnsLookup.of(settings(server.address()), folder.resolve("none"), agenda);
        DnsLookup none = DnsLookup.of(settings(), folder.resolve("none"), agenda);

        assertThat(addresses(ask(configured, "a.test"))).containsExactly("10.0.0.1");
        assertThat(ask(none, "a.test")).isEqualTo(new Answer.Failed("no name server is known"));
        assertThat(addresses(ask(none, "localhost"))).containsExactly("127.0.0.1");
    }

    @Test
    void failsIfNobodyListensAtTheServersAddress() {
        DnsLookup lookup = lookup();
        server.close();

        assertThat(ask(lookup, "a.test")).isInstanceOf(Answer.Failed.class);
    }

    @Test
    void asksForManyNamesAtOnceWithFewSockets() {
        DnsLookup lookup = lookup();
        int names = 1_000;
        CompletableFuture<?>[] answers = new CompletableFuture<?>[names];
        for (int i = 0; i < names; i++) {
            String name = "n" + i + ".test";
            server.a(name, 20, "10.0.0.1");
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            answers[i] = answer;
            agenda.add(() -> lookup.look(name).thenAccept(answer::complete));
        }

        CompletableFuture.allOf(answers).orTimeout(30, TimeUnit.SECONDS).join();
        for (CompletableFuture<?> answer : answers) {
            assertThat(addresses((Answer) answer.join())).containsExactly("10.0.0.1");
        }
    }
}
