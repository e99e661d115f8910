package io.sluice.node.boot;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * One request on a connection of its own, to a host that no name server knows.
 *
 * @param headers by lower-case name
 * @param certificate subject of the server's; empty without TLS
 */
record RawCall(int status, Map<String, String> headers, String body, String certificate) {

    private static final int PATIENCE_MILLIS = 5_000;

    static RawCall get(String ip, int port, String host, String path, String... headers) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(ip, port), PATIENCE_MILLIS);
            return exchange(socket, host, path, "", headers);
        }
    }

    static RawCall overTls(String ip, int port, String host) throws IOException {
        try (SSLSocket socket = (SSLSocket) trusting().getSocketFactory().createSocket()) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            socket.setSSLParameters(parameters);
            socket.connect(new InetSocketAddress(ip, port), PATIENCE_MILLIS);
            socket.startHandshake();
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return exchange(socket, host, "/", shown.getSubjectX500Principal().getName());
        }
    }

    private static RawCall exchange(Socket socket, String host, String path, String certificate, String... headers)
            throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        request.append("Connection: close\r\n\r\n");
        socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int end = answer.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IOException("no answer: " + answer);
        }
        String[] head = answer.substring(0, end).split("\r\n");
        Map<String, String> fields = new TreeMap<>();
        for (int i = 1; i < head.length; i++) {
            String[] field = head[i].split(": ", 2);
            fields.put(field[0].toLowerCase(Locale.ROOT), field.length > 1 ? field[1] : "");
        }
        return new RawCall(Integer.parseInt(head[0].split(" ")[1]), fields, answer.substring(end + 4), certificate);
    }

    /** Names here are made up, and so are their certificates. */
    private static SSLContext trusting() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anyone()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static final class Anyone implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
