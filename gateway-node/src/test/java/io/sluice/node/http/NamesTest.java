package io.sluice.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.HeaderName;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of names: {@link KnownField}, {@link ProtectedNames} and {@link Trailers}. */
class NamesTest {

    private static int known(String name) {
        byte[] bytes = Bytes.of("x" + name + "y");
        return KnownField.find(HeaderName.hash(bytes, 1, bytes.length - 1), bytes, 1, bytes.length - 1);
    }

    private static boolean covered(String name) {
        byte[] bytes = Bytes.of("x" + name + "y");
        return ProtectedNames.covers(bytes, 1, bytes.length - 1);
    }

    private static boolean trailer(String name) {
        byte[] bytes = Bytes.of(name + ": x\r\n\r\n");
        HeadFields fields = new HeadFields();
        fields.clear(bytes);
        assertThat(HeadParser.fields(bytes, 0, bytes.length, fields, HeadLimits.RESPONSE))
                .isEqualTo(bytes.length);
        return Trailers.allowed(fields, 0);
    }

    @ParameterizedTest
    @EnumSource
    void findsAKnownFieldInAnyCase(KnownField field) {
        String name = field.headerName().text();

        assertThat(known(name)).isEqualTo(field.ordinal());
        assertThat(known(name.toLowerCase(Locale.ROOT))).isEqualTo(field.ordinal());
        assertThat(known(name.toUpperCase(Locale.ROOT))).isEqualTo(field.ordinal());
    }

    @ParameterizedTest
    @EnumSource
    void doesNotTakeASimilarNameForAKnownField(KnownField field) {
        String name = field.headerName().text();

        assertThat(known(name + "x")).isNegative();
        assertThat(known("x" + name)).isNegative();
        assertThat(known(name.substring(0, name.length() - 1) + (char) (name.charAt(name.length() - 1) | 0x80)))
                .isNegative();
        if (name.indexOf('-') > 0) {
            assertThat(known(name.replace('-', '_'))).isNegative();
            assertThat(known(name.replace('-', '\r'))).isNegative();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Consumer-ID",
                "x-consumer-username",
                "X_CONSUMER_CUSTOM_ID",
                "x-consumer_groups",
                "X-Consumer-",
                "X-Credential-Identifier",
                "x_credential_username",
                "X-Authenticated-Scope",
                "x_authenticated_userid",
                "X-Anonymous-Consumer",
                "x_anonymous_consumer",
                "X-Real-IP",
                "x_real_ip",
                "X-REAL_IP",
                "X-Forwarded-For",
                "x_forwarded_proto",
                "X-Forwarded_Host",
                "x-forwarded-anything",
                "X_Kong_Request_Id"
            })
    void coversNamesThatOnlyTheGatewaySays(String name) {
        assertThat(covered(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X",
                "X-",
                "Host",
                "Forwarded",
                "X-Forwarded",
                "X-ForwardedFor",
                "X-Consumer",
                "XX-Consumer-ID",
                "X-Real-IPs",
                "X-Real-I",
                "X-Anonymous-Consumers",
                "X.Real.IP",
                "X-Kong-Request-Ids",
                "X-Consumers-ID"
            })
    void leavesOtherNamesAlone(String name) {
        assertThat(covered(name)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void passesNoKnownFieldAsATrailer(KnownField field) {
        assertThat(trailer(field.headerName().text())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "PROXY-AUTHORIZATION",
                "Cookie",
                "Set-Cookie",
                "Content-Encoding",
                "Content-Range",
                "Cache-Control",
                "Location",
                "Range",
                "If-Match",
                "Max-Forwards",
                "X_Consumer_Id",
                "x_forwarded_for"
            })
    void passesNothingAsATrailerThatChangesTheMessage(String name) {
        assertThat(trailer(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"grpc-status", "grpc-message", "Digest", "X-Checksum", "ETag", "Server-Timing"})
    void passesOtherTrailers(String name) {
        assertThat(trailer(name)).isTrue();
    }
}
