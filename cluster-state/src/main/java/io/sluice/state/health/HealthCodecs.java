package io.sluice.state.health;

import io.sluice.state.health.HealthMessage.GuardsPart;
import io.sluice.state.health.HealthMessage.Notice;
import io.sluice.state.health.HealthMessage.OddOneOut;
import io.sluice.state.health.HealthMessage.ProbeDone;
import io.sluice.state.health.HealthMessage.ProbeWanted;
import io.sluice.state.health.HealthMessage.ReportPart;
import io.sluice.state.health.HealthMessage.ReportWanted;
import io.sluice.state.health.HealthMessage.Seen;
import io.sluice.state.health.HealthMessage.Unwatched;
import io.sluice.state.health.HealthMessage.Verdicts;
import io.sluice.state.health.HealthMessage.VerdictsWanted;
import io.sluice.state.health.HealthMessage.VouchWanted;
import io.sluice.state.health.HealthMessage.Vouched;
import io.sluice.state.health.HealthReport.GuardView;
import io.sluice.state.health.HealthReport.TargetView;
import io.sluice.state.wire.WireCodec;
import io.sluice.state.wire.WireException;
import io.sluice.state.wire.WireInput;
import io.sluice.state.wire.WireOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The bytes of what nodes say to each other about health, and of the verdicts that they replicate. */
final class HealthCodecs {

    private static final Cause[] CAUSES = Cause.values();
    private static final Finding[] FINDINGS = Finding.values();
    private static final OwnOpinion[] OPINIONS = OwnOpinion.values();

    /** Fewest bytes of an element. */
    private static final int LEAST_VERDICT = 17;

    private static final int LEAST_NOTICE = 8;
    private static final int LEAST_VIEW = 31;
    private static final int LEAST_GUARD = 12;

    private static final int MOST_PORT = 65_535;

    private HealthCodecs() {}

    static List<WireCodec<?>> all() {
        return List.of(
                WireCodec.state(
                        VerdictLedger.class,
                        "health-ledger",
                        1,
                        (ledger, out) -> {
                            out.varint(ledger.horizon());
                            write(ledger.verdicts(), out);
                        },
                        (in, version) -> VerdictLedger.of(in.varint(Long.MAX_VALUE), verdicts(in))),
                WireCodec.message(
                        Verdicts.class,
                        "health-verdicts",
                        1,
                        (message, out) -> write(message.verdicts(), out),
                        (in, version) -> new Verdicts(in.sender(), verdicts(in))),
                WireCodec.message(
                        VerdictsWanted.class,
                        "health-verdicts-wanted",
                        1,
                        (message, out) -> {},
                        (in, version) -> new VerdictsWanted(in.sender())),
                WireCodec.message(Seen.class, "health-seen", 1, HealthCodecs::write, (in, version) -> seen(in)),
                WireCodec.message(
                        OddOneOut.class,
                        "health-odd-one-out",
                        1,
                        (message, out) -> write(message.address(), out),
                        (in, version) -> new OddOneOut(in.sender(), address(in))),
                WireCodec.message(
                        Unwatched.class,
                        "health-unwatched",
                        1,
                        (message, out) -> out.text(message.upstream()),
                        (in, version) -> new Unwatched(in.sender(), in.text())),
                probeWanted(),
                probeDone(),
                vouchWanted(),
                vouched(),
                WireCodec.message(
                        ReportWanted.class,
                        "health-report-wanted",
                        1,
                        (message, out) -> out.fixed64(message.number()),
                        (in, version) -> new ReportWanted(in.sender(), in.fixed64())),
                WireCodec.message(
                        GuardsPart.class, "health-guards", 1, HealthCodecs::write, (in, version) -> guards(in)),
                WireCodec.message(
                        ReportPart.class, "health-report", 1, HealthCodecs::write, (in, version) -> report(in)));
    }

    private static WireCodec<ProbeWanted> probeWanted() {
        return WireCodec.message(
                ProbeWanted.class,
                "health-probe-wanted",
                1,
                (message, out) ->
                        write(message.address(), out.fixed64(message.number())).flag(message.connect()),
                (in, version) -> new ProbeWanted(in.sender(), in.fixed64(), address(in), in.flag()));
    }

    private static WireCodec<ProbeDone> probeDone() {
        return WireCodec.message(
                ProbeDone.class,
                "health-probe-done",
                1,
                (message, out) -> out.fixed64(message.number())
                        .varint(message.finding().ordinal())
                        .text(message.detail()),
                (in, version) ->
                        new ProbeDone(in.sender(), in.fixed64(), FINDINGS[place(in, FINDINGS.length)], in.text()));
    }

    private static WireCodec<VouchWanted> vouchWanted() {
        return WireCodec.message(
                VouchWanted.class,
                "health-vouch-wanted",
                1,
                (message, out) -> write(message.address(), out.fixed64(message.number())),
                (in, version) -> new VouchWanted(in.sender(), in.fixed64(), address(in)));
    }

    private static WireCodec<Vouched> vouched() {
        return WireCodec.message(
                Vouched.class,
                "health-vouched",
                1,
                (message, out) -> out.fixed64(message.number()).flag(message.alive()),
                (in, version) -> new Vouched(in.sender(), in.fixed64(), in.flag()));
    }

    private static int place(WireInput in, int length) throws WireException {
        return (int) in.varint(length - 1);
    }

    private static WireOutput write(TargetAddress address, WireOutput out) {
        return out.text(address.upstream())
                .text(address.target())
                .text(address.ip())
                .varint(address.port());
    }

    private static TargetAddress address(WireInput in) throws WireException {
        return new TargetAddress(in.text(), in.text(), in.text(), (int) in.varint(MOST_PORT));
    }

    private static void write(List<Verdict> verdicts, WireOutput out) {
        out.varint(verdicts.size());
        verdicts.forEach(verdict -> write(verdict, out));
    }

    private static void write(Verdict verdict, WireOutput out) {
        write(verdict.address(), out)
                .varint(verdict.version())
                .flag(verdict.up())
                .varint(verdict.cause().ordinal())
                .fixed64(verdict.finder())
                .varint(verdict.since())
                .text(verdict.detail());
    }

    private static List<Verdict> verdicts(WireInput in) throws WireException {
        int count = in.count(LEAST_VERDICT);
        List<Verdict> verdicts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            verdicts.add(verdict(in));
        }
        return verdicts;
    }

    private static Verdict verdict(WireInput in) throws WireException {
        return new Verdict(
                address(in),
                in.varint(Long.MAX_VALUE >> 1),
                in.flag(),
                CAUSES[place(in, CAUSES.length)],
                in.fixed64(),
                in.varint(Long.MAX_VALUE >> 1),
                in.text());
    }

    private static void write(Seen seen, WireOutput out) {
        out.varint(seen.notices().size());
        for (Notice notice : seen.notices()) {
            write(notice.address(), out);
            write(notice.evidence(), out);
        }
        writeConnectTimeouts(seen.notices().stream().map(Notice::evidence).toList(), out);
    }

    /** Added later, so it comes last: of each evidence in its order; nothing if there are none. */
    private static void writeConnectTimeouts(List<Evidence> all, WireOutput out) {
        if (all.stream().anyMatch(evidence -> evidence.connectTimeouts() > 0)) {
            all.forEach(evidence -> out.varint(evidence.connectTimeouts()));
        }
    }

    private static Evidence withConnectTimeouts(Evidence evidence, WireInput in) throws WireException {
        int most = Math.min(Short.MAX_VALUE, evidence.timeouts());
        return new Evidence(
                evidence.successes(), evidence.tcpFailures(), evidence.timeouts(), evidence.httpFailures(), (int)
                        in.varint(most));
    }

    private static Seen seen(WireInput in) throws WireException {
        int count = in.count(LEAST_NOTICE);
        List<Notice> notices = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            notices.add(new Notice(address(in), evidence(in)));
        }
        if (in.left() > 0) {
            for (int i = 0; i < count; i++) {
                Notice notice = notices.get(i);
                notices.set(i, new Notice(notice.address(), withConnectTimeouts(notice.evidence(), in)));
            }
        }
        return new Seen(in.sender(), notices);
    }

    private static void write(Evidence evidence, WireOutput out) {
        out.varint(evidence.successes())
                .varint(evidence.tcpFailures())
                .varint(evidence.timeouts())
                .varint(evidence.httpFailures());
    }

    private static Evidence evidence(WireInput in) throws WireException {
        int most = Short.MAX_VALUE;
        return new Evidence((int) in.varint(most), (int) in.varint(most), (int) in.varint(most), (int) in.varint(most));
    }

    private static void write(ReportPart part, WireOutput out) {
        out.fixed64(part.number())
                .flag(part.inContact())
                .flag(part.last())
                .varint(part.targets().size());
        for (TargetView view : part.targets()) {
            write(view.address(), out)
                    .flag(view.usable())
                    .varint(view.own().ordinal())
                    .fixed64(view.owner())
                    .fixed64(view.second())
                    .text(view.lastProbe());
            write(view.traffic(), out);
            write(view.probes(), out);
            out.flag(view.verdict().isPresent());
            view.verdict().ifPresent(verdict -> write(verdict, out));
        }
        writeConnectTimeouts(part.targets().stream().map(TargetView::traffic).toList(), out);
    }

    private static void write(GuardsPart part, WireOutput out) {
        out.fixed64(part.number()).varint(part.guards().size());
        for (GuardView guard : part.guards()) {
            out.text(guard.upstream())
                    .text(guard.circuit())
                    .varint(guard.since())
                    .fixed64(guard.finder())
                    .varint(guard.ejected().size());
            guard.ejected().forEach(out::text);
        }
    }

    private static GuardsPart guards(WireInput in) throws WireException {
        long number = in.fixed64();
        int count = in.count(LEAST_GUARD);
        List<GuardView> guards = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String upstream = in.text();
            String circuit = in.text();
            long since = in.varint(Long.MAX_VALUE);
            long finder = in.fixed64();
            int addresses = in.count(1);
            List<String> ejected = new ArrayList<>(addresses);
            for (int k = 0; k < addresses; k++) {
                ejected.add(in.text());
            }
            guards.add(new GuardView(upstream, circuit, since, finder, ejected));
        }
        return new GuardsPart(in.sender(), number, guards);
    }

    private static ReportPart report(WireInput in) throws WireException {
        long number = in.fixed64();
        boolean inContact = in.flag();
        boolean last = in.flag();
        int count = in.count(LEAST_VIEW);
        List<TargetView> targets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            targets.add(view(in));
        }
        if (in.left() > 0) {
            for (int i = 0; i < count; i++) {
                TargetView view = targets.get(i);
                targets.set(i, view.withTraffic(withConnectTimeouts(view.traffic(), in)));
            }
        }
        return new ReportPart(in.sender(), number, inContact, last, targets);
    }

    private static TargetView view(WireInput in) throws WireException {
        TargetAddress address = address(in);
        boolean usable = in.flag();
        OwnOpinion own = OPINIONS[place(in, OPINIONS.length)];
        long owner = in.fixed64();
        long second = in.fixed64();
        String lastProbe = in.text();
        Evidence traffic = evidence(in);
        Evidence probes = evidence(in);
        Optional<Verdict> verdict = in.flag() ? Optional.of(verdict(in)) : Optional.empty();
        return new TargetView(address, usable, verdict, own, owner, second, traffic, probes, lastProbe);
    }
}
