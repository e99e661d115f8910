package io.sluice.node.admin;

import io.sluice.node.settings.ProxySettings.TokenHeader;
import io.sluice.node.settings.Version;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.ProductVersion;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.headers.Server;
import org.apache.pekko.japi.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leads requests to the endpoints of one API and puts what all answers share around theirs. */
final class EndpointHandler implements Function<HttpRequest, CompletionStage<HttpResponse>> {

    private static final Logger log = LoggerFactory.getLogger(EndpointHandler.class);
    private static final ContentType JSON = MediaTypes.customWithOpenCharset("application", "json", Map.of(), false)
            .toContentType(HttpCharsets.UTF_8);
    private static final Server SERVER = Server.create(ProductVersion.create("kong", Version.KONG));
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private final ActorSystem<?> system;
    private final EndpointTable endpoints;
    private final Origins origins;
    private final Set<TokenHeader> headers;
    private final InstantSource clock;

    EndpointHandler(
            ActorSystem<?> system,
            EndpointTable endpoints,
            Origins origins,
            Set<TokenHeader> headers,
            InstantSource clock) {
        this.system = system;
        this.endpoints = endpoints;
        this.origins = origins;
        this.headers = headers;
        this.clock = clock;
    }

    @Override
    public CompletionStage<HttpResponse> apply(HttpRequest request) {
        long start = clock.millis();
        return started(request)
                .exceptionally(failure -> {
                    log.atError()
                            .setCause(failure)
                            .addKeyValue("path", request.getUri().path())
                            .log("an endpoint failed");
                    return Answer.message(500, "An unexpected error occurred");
                })
                .thenApply(answer -> response(request, answer, clock.millis() - start));
    }

    /** The answer; what an endpoint throws before it has begun to answer is a failure like a later one. */
    private CompletionStage<Answer> started(HttpRequest request) {
        try {
            return answer(request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<Answer> answer(HttpRequest request) {
        List<String> segments = new ArrayList<>();
        request.getUri().pathSegments().forEach(segments::add);
        segments.removeIf(String::isEmpty);
        Optional<EndpointTable.Found> found = endpoints.find(segments);
        String method = request.method().value();
        if (found.isEmpty()) {
            return unread(request, Answer.notFound());
        }
        if (method.equals("OPTIONS")) {
            return unread(request, options(request, found.get().methods().keySet()));
        }
        Optional<String> origin = header(request, "origin");
        if (origin.isPresent() && !SAFE.contains(method) && !allowed(request, origin.get())) {
            return unread(request, Answer.message(403, "Requests of pages from " + origin.get() + " are not allowed"));
        }
        Handler handler = found.get().methods().get(method.equals("HEAD") ? "GET" : method);
        if (handler == null) {
            return unread(request, Answer.message(405, "Method not allowed"));
        }
        if (SAFE.contains(method)) {
            request.discardEntityBytes(system);
        }
        List<Map.Entry<String, String>> query = request.getUri().query().toList().stream()
                .map(pair -> Map.entry(pair.first(), pair.second()))
                .toList();
        return handler.handle(
                new Call(method, "/" + String.join("/", segments), found.get().parameters(), query, request));
    }

    /** An answer without having read the body, which must not stay on the connection. */
    private CompletionStage<Answer> unread(HttpRequest request, Answer answer) {
        request.discardEntityBytes(system);
        return answer.now();
    }

    private static Answer options(HttpRequest request, Set<String> methods) {
        String allow = Stream.concat(methods.stream(), Stream.of("HEAD", "OPTIONS"))
                .filter(method -> !method.equals("HEAD") || methods.contains("GET"))
                .sorted()
                .distinct()
                .collect(Collectors.joining(", "));
        return Answer.empty(204)
                .with("Allow", allow)
                .with("Access-Control-Allow-Methods", allow)
                .with(
                        "Access-Control-Allow-Headers",
                        header(request, "access-control-request-headers").orElse("Content-Type"));
    }

    private HttpResponse response(HttpRequest request, Answer answer, long millis) {
        List<HttpHeader> extra = new ArrayList<>();
        answer.headers().forEach((name, value) -> extra.add(RawHeader.create(name, value)));
        Optional<String> origin = header(request, "origin");
        extra.add(RawHeader.create("Vary", "Origin"));
        if (origin.isEmpty() && origins.allowed().isEmpty()) {
            extra.add(RawHeader.create("Access-Control-Allow-Origin", "*"));
        } else {
            String fallback =
                    origins.allowed().isEmpty() ? "" : origins.allowed().get(0);
            String shown = origin.filter(one -> allowed(request, one)).orElse(fallback);
            if (!shown.isEmpty()) {
                extra.add(RawHeader.create("Access-Control-Allow-Origin", shown));
                extra.add(RawHeader.create("Access-Control-Allow-Credentials", "true"));
            }
        }
        if (headers.contains(TokenHeader.ADMIN_LATENCY)) {
            extra.add(RawHeader.create("X-Kong-Admin-Latency", Long.toString(millis)));
        }
        if (headers.contains(TokenHeader.SERVER)) {
            extra.add(SERVER);
        }
        return HttpResponse.create()
                .withStatus(StatusCodes.get(answer.status()))
                .addHeaders(extra)
                .withEntity(entity(answer));
    }

    private static HttpEntity.Strict entity(Answer answer) {
        if (answer.body() == null) {
            return HttpEntities.EMPTY;
        }
        return answer.body() instanceof Answer.Text text
                ? HttpEntities.create(
                        ContentTypes.parse(text.mediaType()), text.content().getBytes(StandardCharsets.UTF_8))
                : HttpEntities.create(JSON, Json.write(answer.body()));
    }

    private boolean allowed(HttpRequest request, String origin) {
        return origins.allow(origin, request.getUri().host().address());
    }

    private static Optional<String> header(HttpRequest request, String name) {
        return request.getHeader(name).map(HttpHeader::value);
    }
}
