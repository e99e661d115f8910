package io.sluice.node.boot;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A node as its pod starts it: a process with the pod's variables, whose service account is a folder. Ends with it. */
final class PodNode implements AutoCloseable {

    private final String ip;
    private final Ports ports;
    private final Path log;
    private final Process process;

    /** Ports that all nodes of a cluster have, each at its own IP. */
    record Ports(int proxy, int admin, int status, int cluster, int management) {

        static Ports free() throws IOException {
            List<ServerSocket> held = new ArrayList<>();
            try {
                for (int i = 0; i < 5; i++) {
                    held.add(new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")));
                }
                List<Integer> free =
                        held.stream().map(ServerSocket::getLocalPort).toList();
                return new Ports(free.get(0), free.get(1), free.get(2), free.get(3), free.get(4));
            } finally {
                for (ServerSocket one : held) {
                    one.close();
                }
            }
        }
    }

    /**
     * Where the API server is and who the pod is there.
     *
     * @param account with {@code token}, {@code ca.crt} and {@code namespace}, as in a pod
     */
    record Account(String host, int port, Path account) {}

    private PodNode(String ip, Ports ports, Path log, Process process) {
        this.ip = ip;
        this.ports = ports;
        this.log = log;
        this.process = process;
    }

    static PodNode start(String ip, Ports ports, Account api, Path folder, Map<String, String> more)
            throws IOException {
        Path prefix = Files.createDirectories(folder.resolve(ip));
        Path log = Files.createTempFile(folder, "node-" + ip + "-", ".log");
        String library = "-Dpekko.discovery.kubernetes-api.";
        ProcessBuilder builder = new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                library + "api-token-path=" + api.account().resolve("token"),
                library + "api-ca-path=" + api.account().resolve("ca.crt"),
                library + "pod-namespace-path=" + api.account().resolve("namespace"),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "start",
                "-p",
                prefix.toString());
        builder.environment()
                .putAll(Map.of(
                        "KUBERNETES_SERVICE_HOST", api.host(),
                        "KUBERNETES_SERVICE_PORT", "" + api.port(),
                        "KONG_PROXY_LISTEN", host(ip) + ":" + ports.proxy(),
                        "KONG_ADMIN_LISTEN", host(ip) + ":" + ports.admin(),
                        "KONG_STATUS_LISTEN", host(ip) + ":" + ports.status(),
                        "SLUICE_CLUSTER_DISCOVERY", "kubernetes",
                        "SLUICE_CLUSTER_HOST", ip,
                        "SLUICE_CLUSTER_PORT", "" + ports.cluster(),
                        "SLUICE_MANAGEMENT_PORT", "" + ports.management()));
        // That of whoever runs the tests is not the pod's.
        builder.environment().remove("KUBECONFIG");
        builder.environment().putAll(more);
        Process process =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        return new PodNode(ip, ports, log, process);
    }

    String ip() {
        return ip;
    }

    /** As it is written in URLs. */
    private static String host(String ip) {
        return ip.contains(":") ? "[" + ip + "]" : ip;
    }

    String proxy() {
        return "http://" + host(ip) + ":" + ports.proxy();
    }

    /** What it wrote. */
    String log() throws IOException {
        return Files.readString(log);
    }

    /** How many members are up as this node sees it; 0 while it does not answer. */
    int membersUp() throws InterruptedException {
        if (!process.isAlive()) {
            throw new IllegalStateException("the node at " + ip + " ended with code " + process.exitValue());
        }
        String members = get("http://" + host(ip) + ":" + ports.admin() + "/cluster");
        return members.contains("\"in_contact\":true") ? members.split("\"status\":\"up\"", -1).length - 2 : 0;
    }

    /** Whether the node says that it is ready. */
    boolean isReady() throws InterruptedException {
        return status("http://" + host(ip) + ":" + ports.status() + "/status/ready") == 200;
    }

    /** The code of an answer; 0 for none. */
    static int status(String url) throws InterruptedException {
        try {
            return HttpClient.newHttpClient()
                    .send(request(url), BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private static String get(String url) throws InterruptedException {
        try {
            return HttpClient.newHttpClient()
                    .send(request(url), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "";
        }
    }

    private static HttpRequest request(String url) {
        return HttpRequest.newBuilder(URI.create(url)).build();
    }

    /** As the kubelet ends a pod. */
    void terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the node at " + ip + " does not end");
        }
    }

    /** As a machine that fails. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Until then it writes to its folder. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
