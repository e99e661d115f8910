package io.sluice.node.http;

import com.typesafe.config.Config;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;

/** Makes a running {@link EventLoop} the executor of a dispatcher; named in the dispatcher's configuration. */
public final class EventLoopConfigurator extends ExecutorServiceConfigurator {

    private final EventLoop loop;

    /** Called by Pekko; the configuration names the group and the loop. */
    public EventLoopConfigurator(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
        this.loop = EventLoopGroup.find(config.getString("loop-group"), config.getInt("loop-index"));
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
        return new ExecutorServiceFactory() {
            @Override
            public ExecutorService createExecutorService() {
                return loop;
            }
        };
    }
}
