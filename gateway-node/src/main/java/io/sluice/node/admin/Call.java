package io.sluice.node.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * One request to an endpoint.
 *
 * @param method upper case
 * @param parameters what stood at each {@code {name}} of the endpoint's path, decoded
 * @param query decoded, in order; a name without {@code =} has an empty value
 * @param http the request as it came, its body not read yet
 */
record Call(
        String method,
        String path,
        Map<String, String> parameters,
        List<Map.Entry<String, String>> query,
        HttpRequest http) {

    /** The value at {@code {name}} of the path. */
    String parameter(String name) {
        return Optional.ofNullable(parameters.get(name))
                .orElseThrow(() -> new IllegalStateException("the path of this endpoint has no {" + name + "}"));
    }

    /** An answer without having read the body, which must not stay on the connection. */
    CompletionStage<Answer> unread(ActorSystem<?> system, Answer answer) {
        http.discardEntityBytes(system);
        return answer.now();
    }

    /** The first value of a query argument. */
    Optional<String> argument(String name) {
        return query.stream()
                .filter(entry -> entry.getKey().equals(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Whether a query argument is there and switches something on. */
    boolean isOn(String name) {
        return argument(name)
                .filter(value -> !value.equals("0") && !value.equals("false"))
                .isPresent();
    }
}
