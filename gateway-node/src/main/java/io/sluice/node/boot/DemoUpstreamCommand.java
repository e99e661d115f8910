package io.sluice.node.boot;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** An upstream of the demonstration in a process of its own, so that it can be killed. Says its port and ends with its input. */
@Command(name = "demo-upstream", hidden = true, description = "An upstream of the demonstration.")
final class DemoUpstreamCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME")
    private String name = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (DemoUpstream upstream = DemoUpstream.start(name)) {
            spec.commandLine().getOut().println(upstream.port());
            spec.commandLine().getOut().flush();
            ChildNode.endWith(System.in);
            new CountDownLatch(1).await();
        }
        return Main.OK;
    }
}
