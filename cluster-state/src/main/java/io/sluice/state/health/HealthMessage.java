package io.sluice.state.health;

import io.sluice.state.health.HealthReport.GuardView;
import io.sluice.state.health.HealthReport.TargetView;
import io.sluice.state.wire.WireMessage;
import java.util.List;

/** What nodes say to each other about health. {@code sender} is 0 in one that has not been sent yet. */
sealed interface HealthMessage extends WireMessage {

    long sender();

    /** These hold from now on. */
    record Verdicts(long sender, List<Verdict> verdicts) implements HealthMessage {
        public Verdicts {
            verdicts = List.copyOf(verdicts);
        }
    }

    /** Tell me all verdicts that you know. */
    record VerdictsWanted(long sender) implements HealthMessage {}

    /** This is what my requests have seen of addresses that I watch and you own: absolute, so that the last one is enough. */
    record Seen(long sender, List<Notice> notices) implements HealthMessage {
        public Seen {
            notices = List.copyOf(notices);
        }
    }

    /** Of one address. */
    record Notice(TargetAddress address, Evidence evidence) {}

    /** You take me for one who looks after addresses of this upstream, but I do not watch it. */
    record Unwatched(long sender, String upstream) implements HealthMessage {}

    /** Probe this now and tell me. */
    record ProbeWanted(long sender, long number, TargetAddress address, boolean connect) implements HealthMessage {}

    /** The result. */
    record ProbeDone(long sender, long number, Finding finding, String detail) implements HealthMessage {}

    /** Have your requests had successes there lately? */
    record VouchWanted(long sender, long number, TargetAddress address) implements HealthMessage {}

    /** They have, or not. */
    record Vouched(long sender, long number, boolean alive) implements HealthMessage {}

    /** What you see of it nobody else does: act on it for yourself only. */
    record OddOneOut(long sender, TargetAddress address) implements HealthMessage {}

    /** What do you think of all addresses? */
    record ReportWanted(long sender, long number) implements HealthMessage {}

    /** What else keeps my requests from upstreams: comes before the last part of a report. */
    record GuardsPart(long sender, long number, List<GuardView> guards) implements HealthMessage {
        public GuardsPart {
            guards = List.copyOf(guards);
        }
    }

    /** A part of that, in order. */
    record ReportPart(long sender, long number, boolean inContact, boolean last, List<TargetView> targets)
            implements HealthMessage {
        public ReportPart {
            targets = List.copyOf(targets);
        }
    }
}
