package io.sluice.node.boot;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Lets a node end in order when the JVM is told to stop, and makes that a success: the JVM alone would say 143. */
final class ShutdownHook {

    private static final long PATIENCE_MINUTES = 15;

    private ShutdownHook() {}

    static void install(GatewayNode node) {
        install(node, () -> {}, () -> {});
    }

    /**
     * The same with something that ends along with the node.
     *
     * @param first called before the node is told
     * @param last called when it has ended
     */
    static void install(GatewayNode node, Runnable first, Runnable last) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(node, first, last), "sluice-stop"));
    }

    private static void end(GatewayNode node, Runnable first, Runnable last) {
        try {
            first.run();
            node.stop().toCompletableFuture().get(PATIENCE_MINUTES, TimeUnit.MINUTES);
        } catch (ExecutionException | TimeoutException e) {
            System.err.println("sluice: not everything ended in order: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        last.run();
        Runtime.getRuntime().halt(Main.OK);
    }
}
