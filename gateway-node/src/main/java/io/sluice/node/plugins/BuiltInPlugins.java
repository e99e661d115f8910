package io.sluice.node.plugins;

import io.sluice.node.plugin.PluginFactory;
import io.sluice.node.plugins.acl.AclPlugin;
import io.sluice.node.plugins.basicauth.BasicAuthPlugin;
import io.sluice.node.plugins.correlationid.CorrelationIdPlugin;
import io.sluice.node.plugins.cors.CorsPlugin;
import io.sluice.node.plugins.filelog.FileLogPlugin;
import io.sluice.node.plugins.grpcweb.GrpcWebPlugin;
import io.sluice.node.plugins.httplog.HttpLogPlugin;
import io.sluice.node.plugins.iprestriction.IpRestrictionPlugin;
import io.sluice.node.plugins.jwt.JwtPlugin;
import io.sluice.node.plugins.keyauth.KeyAuthPlugin;
import io.sluice.node.plugins.mtlsauth.MtlsAuthPlugin;
import io.sluice.node.plugins.prometheus.PrometheusPlugin;
import io.sluice.node.plugins.ratelimiting.ConcurrencyLimitingPlugin;
import io.sluice.node.plugins.ratelimiting.RateLimitingPlugin;
import io.sluice.node.plugins.ratelimiting.ResponseRateLimitingPlugin;
import io.sluice.node.plugins.requestsizelimiting.RequestSizeLimitingPlugin;
import io.sluice.node.plugins.requesttermination.RequestTerminationPlugin;
import io.sluice.node.plugins.transformer.RequestTransformerPlugin;
import io.sluice.node.plugins.transformer.ResponseTransformerPlugin;
import java.util.List;

/** The plugins that come with the gateway; a new one is one more line here. */
public final class BuiltInPlugins {

    private BuiltInPlugins() {}

    /** Every built-in plugin, highest priority first. */
    public static List<PluginFactory> all() {
        return List.of( //
                new CorrelationIdPlugin.Factory(), //
                new CorsPlugin.Factory(), //
                new MtlsAuthPlugin.Factory(), //
                new JwtPlugin.Factory(), //
                new KeyAuthPlugin.Factory(), //
                new BasicAuthPlugin.Factory(), //
                new IpRestrictionPlugin.Factory(), //
                new RequestSizeLimitingPlugin.Factory(), //
                new AclPlugin.Factory(), //
                new ConcurrencyLimitingPlugin.Factory(), //
                new RateLimitingPlugin.Factory(), //
                new ResponseRateLimitingPlugin.Factory(), //
                new RequestTransformerPlugin.Factory(), //
                new ResponseTransformerPlugin.Factory(), //
                new PrometheusPlugin.Factory(), //
                new HttpLogPlugin.Factory(), //
                new FileLogPlugin.Factory(), //
                new GrpcWebPlugin.Factory(), //
                new RequestTerminationPlugin.Factory());
    }
}
