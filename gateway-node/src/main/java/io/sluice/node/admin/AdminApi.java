package io.sluice.node.admin;

import io.sluice.node.settings.ListenSettings;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLContext;
import org.apache.pekko.actor.typed.ActorSystem;

/** The Admin API and the Status API of a node, ready to be bound to addresses. */
public final class AdminApi {

    private final ActorSystem<?> system;
    private final EndpointHandler admin;
    private final EndpointHandler status;

    /** Both APIs of a node. */
    public AdminApi(ActorSystem<?> system, AdminNode node, ConfigLoader loader) {
        this.system = system;
        BodyReader bodies = new BodyReader(system, node.settings().admin().bodyBytes());
        StatusEndpoints statusEndpoints = new StatusEndpoints(node, bodies);
        UpstreamEndpoints upstreams = new UpstreamEndpoints(node);
        HealthEndpoints health = new HealthEndpoints(system, node, upstreams);
        ClusterHealthEndpoint clusterHealth = new ClusterHealthEndpoint(node.health());

        EndpointTable adminTable = new EndpointTable();
        new NodeEndpoints(node).addTo(adminTable);
        statusEndpoints.addTo(adminTable);
        new EntityEndpoints(system, node.config()).addTo(adminTable);
        upstreams.addTo(adminTable);
        health.addTo(adminTable);
        health.addMarksTo(adminTable);
        clusterHealth.addTo(adminTable);
        new LimitEndpoints(node).addTo(adminTable);
        new SchemaEndpoints(node.plugins(), node.check(), bodies).addTo(adminTable);
        new ConfigEndpoints(node.config(), loader, bodies).addTo(adminTable);
        new AbsentEndpoints(system, node.config()).addTo(adminTable);

        EndpointTable statusTable = new EndpointTable();
        statusEndpoints.addTo(statusTable);
        statusEndpoints.addReadinessTo(statusTable);
        upstreams.addTo(statusTable);
        health.addTo(statusTable);
        clusterHealth.addTo(statusTable);

        Origins origins = new Origins(node.settings().admin().guiOrigins());
        var headers = node.settings().proxy().headers();
        this.admin = new EndpointHandler(system, adminTable, origins, headers, node.clock());
        this.status = new EndpointHandler(system, statusTable, origins, headers, node.clock());
    }

    /** Binds the Admin API; the stage fails with {@link java.net.BindException} if the address is taken. */
    public CompletionStage<ApiListener> bindAdmin(ListenSettings address, Optional<SSLContext> tls) {
        return ApiListener.bind(system, address, tls, admin);
    }

    /** Binds the Status API in the same way. */
    public CompletionStage<ApiListener> bindStatus(ListenSettings address, Optional<SSLContext> tls) {
        return ApiListener.bind(system, address, tls, status);
    }
}
