package io.sluice.node.dns;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One name of a resolver. Changed on the resolver's agenda only, but for the watchers. */
final class KnownName {

    private final String name;
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private volatile NameView view = NameView.PENDING;
    private boolean begun;
    private boolean found;
    private long usableUntil;
    private int failures;

    KnownName(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    List<Runnable> watchers() {
        return watchers;
    }

    NameView view() {
        return view;
    }

    boolean begun() {
        return begun;
    }

    void begin() {
        begun = true;
    }

    /** Takes note of an answer; gives whether look-ups had failed before. */
    boolean succeeded(long until) {
        boolean again = failures > 0;
        failures = 0;
        found = true;
        usableUntil = until;
        return again;
    }

    /** Takes note of a failure; gives how many there were in a row. */
    int failed() {
        failures = Math.min(failures + 1, Integer.MAX_VALUE - 1);
        return failures;
    }

    /** Whether there is an answer that may be used on. */
    boolean usable(long now) {
        return found && view.state() == NameView.State.FOUND && now - usableUntil < 0;
    }

    /** Gives whether this is news. */
    boolean publish(NameView next) {
        boolean news = !next.equals(view);
        view = next;
        return news;
    }
}
