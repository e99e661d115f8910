package io.sluice.node.admin;

import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;

/** Endpoints of parts that Kong has and this gateway has not, answered as by a Kong that does not use them. */
final class AbsentEndpoints {

    private static final Answer NO_CONTROL_PLANE = Answer.message(
            400, "this endpoint is only available when Kong is configured to run as Control Plane for the cluster");

    private final ActorSystem<?> system;

    AbsentEndpoints(ActorSystem<?> system) {
        this.system = system;
    }

    void addTo(EndpointTable table) {
        for (String path : List.of("/clustering/data-planes", "/clustering/status")) {
            table.get(path, Handler.now(call -> NO_CONTROL_PLANE));
        }
        // Nothing is kept under keys, so there is nothing to show, and whatever is to be dropped is gone.
        table.get("/cache/{key}", Handler.now(call -> Answer.notFound()));
        table.add("DELETE", "/cache/{key}", call -> call.unread(system, Answer.empty(204)));
        table.add("DELETE", "/cache", call -> call.unread(system, Answer.empty(204)));
        table.add(
                "PUT",
                "/debug/cluster/log-level/{level}",
                call -> call.unread(system, Answer.message(405, "cannot change log level when not using a database")));
    }
}
