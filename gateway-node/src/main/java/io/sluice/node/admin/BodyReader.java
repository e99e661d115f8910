package io.sluice.node.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.MediaType;
import org.apache.pekko.http.javadsl.model.Multipart;
import org.apache.pekko.http.javadsl.unmarshalling.Unmarshaller;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.stream.Materializer;
import org.jspecify.annotations.Nullable;

/** Reads request bodies whole, up to a limit, in the forms Kong takes. Any thread. */
final class BodyReader {

    private static final long PATIENCE_MS = 30_000;

    private final ActorSystem<?> system;
    private final long limit;
    private final Materializer materializer;

    /**
     * A reader.
     *
     * @param limit most bytes of a body, 0 for no limit
     */
    BodyReader(ActorSystem<?> system, long limit) {
        this.system = system;
        this.materializer = Materializer.matFromSystem(system);
        this.limit = limit == 0 ? Long.MAX_VALUE : limit;
    }

    /** What a client sent. */
    sealed interface Body {

        /** A JSON value; null for a body that is JSON's null or empty. */
        record Tree(@Nullable Object value) implements Body {}

        /** Fields of a form, strings and lists and maps of strings. */
        record Form(Map<String, @Nullable Object> fields) implements Body {}

        /** Anything of a text type. */
        record Plain(String mediaType, String text) implements Body {}

        /** Why it cannot be read. */
        record Unreadable(Answer answer) implements Body {}
    }

    /** The body; a failed stage only if the client goes away. */
    CompletionStage<Body> read(Call call) {
        MediaType type = call.http().entity().getContentType().mediaType();
        String mediaType = type.mainType() + "/" + type.subType();
        if (mediaType.equals("multipart/form-data")) {
            return multipart(call).exceptionally(BodyReader::refused);
        }
        return call.http()
                .entity()
                .withSizeLimit(limit)
                .toStrict(PATIENCE_MS, Long.MAX_VALUE, system)
                .thenApply(strict -> decode(mediaType, strict))
                .exceptionally(BodyReader::refused);
    }

    private static Body decode(String mediaType, HttpEntity.Strict entity) {
        byte[] bytes = entity.getData().toArray();
        switch (mediaType) {
            case "application/json" -> {
                try {
                    return new Body.Tree(bytes.length == 0 ? null : Json.read(bytes));
                } catch (IOException e) {
                    return new Body.Unreadable(Answer.message(400, "Cannot parse JSON body"));
                }
            }
            case "application/x-www-form-urlencoded" -> {
                try {
                    String form = new String(bytes, StandardCharsets.UTF_8);
                    return new Body.Form(FormReader.tree(FormReader.fields(form)));
                } catch (IllegalArgumentException e) {
                    return new Body.Unreadable(Answer.message(400, "Cannot parse form body"));
                }
            }
            case "text/yaml", "application/yaml", "application/x-yaml", "text/x-yaml", "text/plain" -> {
                return new Body.Plain(mediaType, new String(bytes, StandardCharsets.UTF_8));
            }
            default -> {
                return bytes.length == 0 ? new Body.Tree(null) : new Body.Unreadable(Answer.empty(415));
            }
        }
    }

    @SuppressWarnings("unchecked")
    private CompletionStage<Body> multipart(Call call) {
        return Unmarshaller.entityToMultipartFormData()
                .unmarshal(call.http().entity().withSizeLimit(limit), materializer)
                .thenCompose(form -> form.toStrict(PATIENCE_MS, materializer))
                .thenApply(form -> {
                    Map<String, String> fields = new LinkedHashMap<>();
                    for (Multipart.FormData.BodyPart.Strict part : form.getStrictParts()) {
                        fields.put(part.getName(), part.getEntity().getData().utf8String());
                    }
                    return new Body.Form(FormReader.tree(List.copyOf(fields.entrySet())));
                });
    }

    private static Body refused(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof EntityStreamSizeException) {
                return new Body.Unreadable(Answer.message(413, "Request entity too large"));
            }
        }
        return new Body.Unreadable(Answer.message(400, "Cannot read the request body"));
    }
}
