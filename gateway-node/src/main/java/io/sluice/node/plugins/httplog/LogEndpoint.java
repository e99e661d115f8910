package io.sluice.node.plugins.httplog;

import io.sluice.node.plugin.DeliveryQueue.Delivery;
import io.sluice.state.model.schema.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The HTTP server that takes the records. Speaks HTTP/1.1, follows no redirect, verifies certificates against the JVM's trust
 * store. A status below 300 is success. How long idle connections are kept is the JVM's setting; {@code keepalive} has no
 * effect. Thread-safe.
 */
final class LogEndpoint implements Delivery {

    private final HttpClient client;
    private final HttpRequest template;
    private final boolean array;

    /**
     * An endpoint.
     *
     * @param array whether entries go as a JSON array; else there is one at a time
     * @throws IllegalArgumentException if the URL cannot be used
     */
    LogEndpoint(Settings settings, boolean array, Executor background) {
        URI endpoint = URI.create(settings.string("http_endpoint"));
        Duration timeout = Duration.ofMillis(settings.integer("timeout"));
        this.array = array;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .executor(background)
                .build();
        HttpRequest.Builder request = HttpRequest.newBuilder(withoutUserInfo(endpoint))
                .timeout(timeout)
                .header("Content-Type", settings.string("content_type"))
                .method(settings.string("method"), BodyPublishers.noBody());
        settings.map("headers").forEach((name, value) -> request.header(name, String.valueOf(value)));
        if (endpoint.getUserInfo() != null) {
            byte[] credentials = endpoint.getUserInfo().getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
        }
        this.template = request.build();
    }

    @Override
    public CompletionStage<Void> deliver(List<byte[]> batch) {
        HttpRequest request = HttpRequest.newBuilder(template, (name, value) -> true)
                .method(template.method(), BodyPublishers.ofByteArray(array ? joined(batch) : batch.get(0)))
                .build();
        return client.sendAsync(request, BodyHandlers.discarding()).thenCompose(LogEndpoint::judged);
    }

    private static CompletionStage<Void> judged(HttpResponse<Void> response) {
        if (response.statusCode() < 300) {
            return CompletableFuture.completedFuture(null);
        }
        URI endpoint = response.uri();
        return CompletableFuture.failedFuture(new IOException("request to " + endpoint.getHost() + ":"
                + endpoint.getPort() + " returned status code " + response.statusCode()));
    }

    private static byte[] joined(List<byte[]> batch) {
        ByteArrayOutputStream array = new ByteArrayOutputStream(
                batch.stream().mapToInt(entry -> entry.length + 1).sum() + 1);
        for (int i = 0; i < batch.size(); i++) {
            array.write(i == 0 ? '[' : ',');
            array.writeBytes(batch.get(i));
        }
        array.write(']');
        return array.toByteArray();
    }

    private static URI withoutUserInfo(URI endpoint) {
        String text = endpoint.toString();
        String info = endpoint.getRawUserInfo();
        return info == null ? endpoint : URI.create(text.replaceFirst("//[^@/]*@", "//"));
    }
}
