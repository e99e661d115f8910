package io.sluice.state.health;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Something that the owner of an address finds out before it acts. One thread. */
final class Doubt {

    /** What is in doubt. */
    enum Question {
        /** The owner's probes fail: do those of the second? */
        PROBES,
        /** Requests get no connection, or no answer: does a probe connect? */
        CONNECT,
        /** A connection has failed, but not as many as it takes: does a probe connect? */
        GLANCE,
        /** The connections that were kept have ended: does a probe connect? */
        LEFT,
        /** One node's requests fail: have those of others had successes? */
        VOUCH,
        /** The owner's probes of what is down still fail: do those of the second, too? */
        RECOVERY
    }

    final TargetState state;
    final Question question;
    final Failure failure;
    final long finder;
    final String detail;

    /** As far as this node knew when it asked. */
    long contactUntil;

    /** Who has still to answer. */
    final Set<Long> awaited;

    Doubt(TargetState state, Question question, Failure failure, long finder, String detail, List<Long> awaited) {
        this.state = state;
        this.question = question;
        this.failure = failure;
        this.finder = finder;
        this.detail = detail;
        this.awaited = new HashSet<>(awaited);
    }

    boolean asksToConnect() {
        return question == Question.CONNECT || isAhead();
    }

    /** Whether requests have not failed often enough for anything to follow from silence. */
    boolean isAhead() {
        return question == Question.GLANCE || question == Question.LEFT;
    }

    /** Why it is down, if it is. */
    Cause cause() {
        return asksToConnect() || question == Question.VOUCH ? Cause.traffic(failure) : Cause.probes(failure);
    }
}
