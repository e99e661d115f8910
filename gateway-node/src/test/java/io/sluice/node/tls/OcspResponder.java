package io.sluice.node.tls;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Says for an authority which of its certificates still stand (RFC 6960): all but those that it was told of. */
public final class OcspResponder implements AutoCloseable {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final TestAuthority authority;
    private final HttpServer server;
    private final Set<BigInteger> revoked = ConcurrentHashMap.newKeySet();
    private final AtomicInteger asked = new AtomicInteger();

    private OcspResponder(TestAuthority authority, HttpServer server) {
        this.authority = authority;
        this.server = server;
    }

    public static OcspResponder of(TestAuthority authority) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        OcspResponder responder = new OcspResponder(authority, server);
        server.createContext("/", responder::answer);
        server.start();
        return responder;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/ocsp";
    }

    public void revoke(X509Certificate certificate) {
        revoked.add(certificate.getSerialNumber());
    }

    /** How often it was asked. */
    public int asked() {
        return asked.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        byte[] request = exchange.getRequestBody().readAllBytes();
        if (request.length == 0) {
            String path = exchange.getRequestURI().getRawPath().substring("/ocsp/".length());
            request = Base64.getDecoder().decode(URLDecoder.decode(path, StandardCharsets.US_ASCII));
        }
        byte[] certificate = inner(inner(inner(inner(request)))); // OCSPRequest, TBSRequest, list, Request
        byte[] response;
        try {
            response = response(whole(certificate));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        exchange.getResponseHeaders().add("Content-Type", "application/ocsp-response");
        exchange.sendResponseHeaders(200, response.length);
        exchange.getResponseBody().write(response);
        exchange.close();
    }

    private byte[] response(byte[] certificate) throws GeneralSecurityException {
        Instant now = Instant.now();
        byte[] status = revoked.contains(serial(certificate))
                ? Der.tagged(0xa1, time(now.minus(Duration.ofHours(1))))
                : Der.tagged(0x80);
        byte[] single = Der.sequence(
                certificate,
                status,
                time(now.minus(Duration.ofMinutes(5))),
                Der.tagged(0xa0, time(now.plus(Duration.ofDays(1)))));
        byte[] by = Der.tagged(
                0xa1, authority.certificate().getSubjectX500Principal().getEncoded());
        byte[] basic = authority.signed(Der.sequence(by, time(now), Der.sequence(single)));
        byte[] kind = {0x06, 0x09, 0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1};
        return Der.sequence(Der.tagged(0x0a, new byte[1]), Der.tagged(0xa0, Der.sequence(kind, Der.octets(basic))));
    }

    /** A CertID ends with the serial number. */
    private static BigInteger serial(byte[] certificate) {
        byte[] rest = inner(certificate);
        for (int i = 0; i < 3; i++) {
            rest = Arrays.copyOfRange(rest, whole(rest).length, rest.length);
        }
        return new BigInteger(inner(rest));
    }

    /** The first element of some bytes, its head included. */
    private static byte[] whole(byte[] der) {
        return Arrays.copyOf(der, headBytes(der) + length(der));
    }

    /** What is in the first element. */
    private static byte[] inner(byte[] der) {
        return Arrays.copyOfRange(der, headBytes(der), headBytes(der) + length(der));
    }

    private static int headBytes(byte[] der) {
        return der[1] >= 0 ? 2 : 2 + (der[1] & 0x7F);
    }

    private static int length(byte[] der) {
        if (der[1] >= 0) {
            return der[1];
        }
        int length = 0;
        for (int i = 2; i < headBytes(der); i++) {
            length = length << 8 | der[i] & 0xFF;
        }
        return length;
    }

    private static byte[] time(Instant time) {
        return Der.tagged(0x18, TIME.format(time).getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
