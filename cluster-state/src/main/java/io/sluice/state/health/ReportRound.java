package io.sluice.state.health;

import io.sluice.state.health.HealthMessage.GuardsPart;
import io.sluice.state.health.HealthMessage.ReportPart;
import io.sluice.state.health.HealthReport.GuardView;
import io.sluice.state.health.HealthReport.NodeView;
import io.sluice.state.health.HealthReport.TargetView;
import io.sluice.state.membership.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Gathers what the nodes report. One thread. */
final class ReportRound {

    private static final class Answer {
        final Member member;
        final List<TargetView> targets = new ArrayList<>();
        final List<GuardView> guards = new ArrayList<>();
        boolean inContact;
        boolean complete;

        Answer(Member member) {
            this.member = member;
        }

        NodeView view() {
            return new NodeView(
                    member.id(),
                    member.address(),
                    complete,
                    complete && inContact,
                    complete ? targets : List.of(),
                    complete ? guards : List.of());
        }
    }

    private final CompletableFuture<HealthReport> result;
    private final NodeView self;
    private final Map<Long, Answer> answers = new LinkedHashMap<>();

    ReportRound(NodeView self, List<Member> others, CompletableFuture<HealthReport> result) {
        this.self = self;
        this.result = result;
        others.forEach(member -> answers.put(member.id(), new Answer(member)));
    }

    /** Takes a part in; whether nothing is missing now. */
    boolean add(ReportPart part) {
        Answer answer = answers.get(part.sender());
        if (answer != null && !answer.complete) {
            answer.targets.addAll(part.targets());
            answer.inContact = part.inContact();
            answer.complete = part.last();
        }
        return isComplete();
    }

    void add(GuardsPart part) {
        Answer answer = answers.get(part.sender());
        if (answer != null && !answer.complete) {
            answer.guards.addAll(part.guards());
        }
    }

    boolean isComplete() {
        return answers.values().stream().allMatch(answer -> answer.complete);
    }

    /** With what there is. */
    void end() {
        List<NodeView> views = new ArrayList<>(List.of(self));
        answers.values().forEach(answer -> views.add(answer.view()));
        result.complete(new HealthReport(views));
    }
}
