package io.sluice.loadtest;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A node before a cluster of many Ingresses, each with a Service and endpoints of its own: when the first configuration is live, how
 * long one changed endpoint takes until the proxy sends requests there, and what the heap holds then. Arguments: the node's jar,
 * Ingresses, endpoints, changes to measure. Prints one line of {@code key=value}.
 */
final class KubernetesScale {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** Changes while the JVM still compiles, told by themselves. */
    private static final int WARM_UP = 40;

    private static final String MANAGED =
            "\"managedFields\":[{\"manager\":\"kubectl\",\"operation\":\"Apply\",\"apiVersion\":\"v1\","
                    + "\"time\":\"2026-01-31T12:00:00Z\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{\"f:spec\":{\"f:rules\":{},\"f:tls\":{}}}}]";

    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectServer objects = new ObjectServer();
    private final int[] pods = {pod("0"), pod("1")};
    private final int proxy = freePort();
    private final int status = freePort();

    private KubernetesScale() throws IOException {}

    public static void main(String[] args) throws Exception {
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
        new KubernetesScale()
                .measure(args[0], Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        System.exit(0);
    }

    private void measure(String jar, int ingresses, int endpoints, int changes) throws Exception {
        for (int i = 0; i < ingresses; i++) {
            put("web-" + i, endpoints / ingresses, 8080);
        }
        put("probe", 0, 80);
        slice(pods[0]);
        Process node = start(jar);
        try {
            long begin = System.nanoTime();
            await(() -> get(status, "/status/ready").statusCode() == 200);
            await(() -> get(proxy, "/").body().equals("0"));
            long first = System.nanoTime() - begin;
            int lists = objects.lists();
            long[] cold = latencies(WARM_UP);
            long[] latencies = latencies(changes);
            System.out.println(String.format(
                    Locale.ROOT,
                    "ingresses=%d endpoints=%d first_ms=%d cold_max_ms=%d changes=%d p50_ms=%d p99_ms=%d max_ms=%d heap_mib=%d lists=%d later_lists=%d",
                    ingresses,
                    endpoints,
                    TimeUnit.NANOSECONDS.toMillis(first),
                    cold[WARM_UP - 1],
                    changes,
                    latencies[changes / 2],
                    latencies[changes * 99 / 100],
                    latencies[changes - 1],
                    heap(node.pid()) >> 20,
                    lists,
                    objects.lists() - lists));
        } finally {
            node.destroy();
            node.waitFor();
        }
    }

    private long[] latencies(int changes) throws Exception {
        Random random = new Random(1);
        long[] latencies = new long[changes];
        for (int i = 0; i < changes; i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(300)));
            int pod = (i + 1) % 2;
            long begin = System.nanoTime();
            slice(pods[pod]);
            await(() -> get(proxy, "/").body().equals(Integer.toString(pod)));
            latencies[i] = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        }
        Arrays.sort(latencies);
        return latencies;
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                if (condition.holds()) {
                    return;
                }
            } catch (IOException e) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20)); // not listening yet
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("waited for " + PATIENCE);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        HttpRequest request =
                HttpRequest.newBuilder(uri).header("Host", "probe.localhost").build();
        return client.send(request, BodyHandlers.ofString());
    }

    private void put(String name, int endpoints, int port) {
        String meta = metadata(name, "");
        objects.put(
                "ingresses",
                name,
                "{" + meta + ",\"spec\":{\"ingressClassName\":\"kong\",\"rules\":[{\"host\":\"" + name
                        + ".localhost\",\"http\":{\"paths\":[{\"path\":\"/\",\"pathType\":\"Prefix\",\"backend\":{\"service\":{\"name\":\""
                        + name + "\",\"port\":{\"number\":80}}}}]}}]}}");
        objects.put("services", name, "{" + meta + ",\"spec\":{\"ports\":[{\"name\":\"http\",\"port\":80}]}}");
        StringBuilder addresses = new StringBuilder();
        for (int i = 0; i < endpoints; i++) {
            String address = "10." + Math.floorMod(name.hashCode(), 200) + "." + i / 250 + "." + (i % 250 + 1);
            addresses
                    .append(i == 0 ? "" : ",")
                    .append("{\"addresses\":[\"" + address + "\"],\"conditions\":{\"ready\":true}}");
        }
        if (endpoints > 0) {
            slice(name, addresses.toString(), port);
        }
    }

    private void slice(int port) {
        slice("probe", "{\"addresses\":[\"127.0.0.1\"],\"conditions\":{\"ready\":true}}", port);
    }

    private void slice(String service, String endpoints, int port) {
        String labels = "\"labels\":{\"kubernetes.io/service-name\":\"" + service + "\"},";
        objects.put(
                "endpointslices",
                service,
                "{\"apiVersion\":\"discovery.k8s.io/v1\",\"kind\":\"EndpointSlice\"," + metadata(service, labels)
                        + ",\"addressType\":\"IPv4\",\"ports\":[{\"name\":\"http\",\"port\":" + port
                        + ",\"protocol\":\"TCP\"}],\"endpoints\":[" + endpoints + "]}");
    }

    private static String metadata(String name, String labels) {
        return "\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"shop\",\"resourceVersion\":\"VERSION\","
                + labels + "\"creationTimestamp\":\"2026-01-31T12:00:00Z\"," + MANAGED + "}";
    }

    private Process start(String jar) throws IOException {
        Path prefix = Files.createTempDirectory("sluice-scale");
        ProcessBuilder builder = new ProcessBuilder(command(jar));
        builder.environment()
                .putAll(Map.of(
                        "SLUICE_INGRESS",
                        "on",
                        "SLUICE_APISERVER_HOST",
                        objects.url(),
                        "KONG_PROXY_LISTEN",
                        "127.0.0.1:" + proxy,
                        "KONG_ADMIN_LISTEN",
                        "off",
                        "KONG_STATUS_LISTEN",
                        "127.0.0.1:" + status,
                        "KONG_PROXY_ACCESS_LOG",
                        "off",
                        "KONG_LOG_LEVEL",
                        "warn",
                        "KONG_PREFIX",
                        prefix.toString()));
        return builder.redirectErrorStream(true)
                .redirectOutput(new File(prefix.toFile(), "log"))
                .start();
    }

    private static List<String> command(String jar) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(
                System.getProperty("sut.java", java),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "-jar",
                jar,
                "start");
    }

    /** What lives in the heap, after a collection. */
    private static long heap(long process) throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process histogram = new ProcessBuilder(jcmd, Long.toString(process), "GC.class_histogram").start();
        String last = "";
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(histogram.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = line.isBlank() ? last : line;
            }
        }
        histogram.waitFor();
        return Long.parseLong(last.strip().split("\\s+")[2]);
    }

    /** A server that answers with a text; its port. */
    private static int pod(String text) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server.getAddress().getPort();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
