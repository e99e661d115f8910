package io.sluice.loadtest;

import com.sun.tools.attach.VirtualMachine;

/** Hands a command to the async-profiler library inside a running JVM, loading it there first if need be. */
final class ProfilerAttach {
    private ProfilerAttach() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 3) {
            throw new IllegalArgumentException("usage: ProfilerAttach PID LIBRARY COMMAND");
        }
        var machine = VirtualMachine.attach(args[0]);
        try {
            machine.loadAgentPath(args[1], args[2]);
        } finally {
            machine.detach();
        }
    }
}
