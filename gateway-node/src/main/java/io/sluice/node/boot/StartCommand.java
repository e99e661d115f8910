package io.sluice.node.boot;

import io.sluice.node.settings.ReadSettings;
import io.sluice.node.settings.ReadSettings.Notice;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs one node in the foreground. */
@Command(
        name = "start",
        aliases = "docker-start",
        description = "Runs one node in the foreground until it is told to stop.")
final class StartCommand implements Callable<Integer> {

    @Mixin
    private final GivenSettings given = new GivenSettings();

    @Option(names = "--with-parent", hidden = true, description = "End when standard input ends.")
    private boolean withParent;

    @Override
    public Integer call() throws StartFailure {
        ReadSettings.Accepted read = given.read();
        LogSetup.apply(read.settings().logs(), isJson());
        tell(read.notices());
        GatewayNode node = GatewayNode.start(read.settings());
        ShutdownHook.install(node);
        if (withParent) {
            ChildNode.endWith(System.in);
        }
        node.awaitEnd();
        return Main.OK;
    }

    static boolean isJson() {
        return Optional.ofNullable(System.getenv("SLUICE_LOG"))
                .filter("json"::equals)
                .isPresent();
    }

    static void tell(List<Notice> notices) {
        Logger log = LoggerFactory.getLogger(StartCommand.class);
        for (Notice notice : notices) {
            if (notice.unknown()) {
                log.atWarn().addKeyValue("key", notice.origin()).log("unknown setting");
            } else {
                log.atInfo().addKeyValue("key", notice.origin()).log("setting of kong has no effect here");
            }
        }
    }
}
