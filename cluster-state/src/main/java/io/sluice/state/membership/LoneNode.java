package io.sluice.state.membership;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The cluster of one. */
final class LoneNode implements Membership {

    private static final long FOR_EVER = TimeUnit.DAYS.toNanos(365);
    private static final long AIM_EACH = TimeUnit.SECONDS.toNanos(1);

    /** Any but 0 and 1, as other nodes' ids. */
    private static final long ID = 2;

    private final Members members;
    private final AgreedClock clock = new AgreedClock(System.nanoTime(), System.currentTimeMillis());

    LoneNode() {
        Member self = new Member(ID, "localhost", Member.Status.UP, true);
        this.members = new Members(1, self, List.of(self), true, ID);
    }

    @Override
    public Members members() {
        return members;
    }

    @Override
    public Runnable subscribe(Consumer<Members> listener) {
        listener.accept(members);
        return () -> {};
    }

    @Override
    public long contactUntil() {
        return System.nanoTime() + FOR_EVER;
    }

    @Override
    public Runnable onContact(ContactListener listener) {
        return () -> {};
    }

    @Override
    public long agreedMillis() {
        long now = System.nanoTime();
        if (clock.aimedBefore(now - AIM_EACH)) {
            clock.aim(now, System.currentTimeMillis());
        }
        return clock.millis(now);
    }
}
