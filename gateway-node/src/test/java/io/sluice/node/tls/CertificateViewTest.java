package io.sluice.node.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.model.Certificate;
import io.sluice.state.model.GatewayConfig;
import io.sluice.state.model.Sni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateViewTest {

    private static final TestAuthority AUTHORITY = TestAuthority.root("view");
    private static final TestAuthority.Issued PAIR = AUTHORITY.issue("a.test");
    private static final List<String> NAMES =
            List.of("www.example.test", "*.example.test", "www.example.*", "*", "Upper.Test");

    private final List<Certificate> certificates = new ArrayList<>();
    private final List<Sni> snis = new ArrayList<>();

    private static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private void add(String name, String cert, String key, String certAlt, String keyAlt) {
        certificates.add(new Certificate(id(name), cert, key, certAlt, keyAlt, List.of(), 0, 0));
        snis.add(new Sni(id("sni " + name), name, id(name), List.of(), 0, 0));
    }

    private CertificateView view() {
        GatewayConfig none = GatewayConfig.EMPTY;
        return CertificateView.of(
                new GatewayConfig(
                        none.hash(),
                        none.services(),
                        none.routes(),
                        none.consumers(),
                        none.consumerGroups(),
                        none.credentials(),
                        none.plugins(),
                        none.upstreams(),
                        none.targets(),
                        certificates,
                        snis,
                        none.caCertificates(),
                        none.vaults(),
                        none.keySets(),
                        none.keys()),
                CertifiedKey::read);
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.test, www.example.test",
        "api.example.test, *.example.test",
        "www.example.org, www.example.*",
        "a.b.example.test, *",
        "example.test, *",
        "upper.test, Upper.Test",
        "'', *",
    })
    void namesLeadToTheMostExactCertificate(String asked, String expected) {
        NAMES.forEach(name -> add(name, PAIR.certificates(), PAIR.key(), null, null));

        assertThat(view().find(asked))
                .isNotNull()
                .satisfies(shown -> assertThat(shown.id()).isEqualTo(id(expected)));
    }

    @Test
    void aCatchAllIsNobodysOwn() {
        add("*", PAIR.certificates(), PAIR.key(), null, null);

        assertThat(view().findOwn("any.test")).isNull();
    }

    @Test
    void aKeyOfAnotherCertificateIsAProblemOfThatCertificateOnly() {
        add("good.test", PAIR.certificates(), PAIR.key(), null, null);
        add("bad.test", PAIR.certificates(), AUTHORITY.issue("bad.test").key(), null, null);

        CertificateView view = view();

        assertThat(view.find("good.test")).isNotNull();
        assertThat(view.find("bad.test")).isNull();
        assertThat(view.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.object()).isEqualTo("certificate '" + id("bad.test") + "'");
            assertThat(problem.field()).isEqualTo("key");
            assertThat(problem.reason()).contains("the key does not belong to the certificate");
        });
    }

    @Test
    void textThatIsNoCertificateIsAProblemThatDoesNotQuoteIt() {
        add("bad.test", "secret?", PAIR.key(), null, null);

        assertThat(view().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .contains("no certificate in PEM found")
                        .doesNotContain("secret?"));
    }

    @Test
    void aBrokenSecondPairLeavesTheFirst() {
        add("two.test", PAIR.certificates(), PAIR.key(), PAIR.certificates(), "");

        CertificateView view = view();

        assertThat(view.find("two.test"))
                .satisfies(shown -> assertThat(shown.pairs()).hasSize(1));
        assertThat(view.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.field()).isEqualTo("key_alt"));
    }

    @Test
    void pairsOfBothTypesAreKept() {
        TestAuthority.Issued rsa = AUTHORITY.issue("RSA", Duration.ofDays(1), "two.test");
        add("two.test", PAIR.certificates(), PAIR.key(), rsa.certificates(), rsa.key());

        assertThat(view().find("two.test"))
                .satisfies(shown ->
                        assertThat(shown.pairs()).extracting(CertifiedKey::type).containsExactly("EC", "RSA"));
    }
}
