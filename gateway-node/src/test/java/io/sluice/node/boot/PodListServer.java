package io.sluice.node.boot;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** As much of a Kubernetes API server as finding peers needs: a list of pods over TLS, for who has the right token. */
final class PodListServer implements AutoCloseable {

    private static final String SECRET = "secret";

    /** Requests as they came: path with query. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    /** IPs of pods that run. */
    final Set<String> running = ConcurrentHashMap.newKeySet();

    /** What it says instead of a list, if not 200. */
    volatile int status = 200;

    /** The only one it takes. */
    volatile String token = "first";

    private final int managementPort;
    private final Path certificate;
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    PodListServer(Path folder, int managementPort) throws Exception {
        this.managementPort = managementPort;
        this.certificate = folder.resolve("api.crt");
        Path store = folder.resolve("api.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "api",
                "-keyalg",
                "EC",
                "-dname",
                "CN=api",
                "-ext",
                "san=ip:127.0.0.1",
                "-keystore",
                store.toString());
        keytool("-exportcert", "-rfc", "-alias", "api", "-file", certificate.toString(), "-keystore", store.toString());
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(store)));
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        ProcessBuilder builder = new ProcessBuilder(tool.toString());
        builder.command().addAll(List.of(arguments));
        builder.command().addAll(List.of("-storepass", SECRET, "-storetype", "PKCS12"));
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(said);
        }
    }

    private static SSLContext context(Path store) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, SECRET.toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, SECRET.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** By which it is verified. */
    Path certificate() {
        return certificate;
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI().toString());
        boolean known = ("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        int code = known ? status : 401;
        byte[] body =
                (code == 200 ? list() : "{\"kind\":\"Status\",\"code\":" + code + "}").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String list() {
        return running.stream()
                .map(ip -> """
                        {"metadata":{"name":"sluice-%s"},
                         "spec":{"containers":[{"name":"sluice","ports":[
                           {"name":"proxy","containerPort":8000},
                           {"name":"management","containerPort":%d}]}]},
                         "status":{"phase":"Running","podIP":"%s"}}""".formatted(ip, managementPort, ip))
                .collect(Collectors.joining(",", "{\"kind\":\"PodList\",\"items\":[", "]}"));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
