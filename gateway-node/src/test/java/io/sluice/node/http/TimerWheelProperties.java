package io.sluice.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Deadlines fire once, never early, and at most a tick late, whatever is moved and cleared; held against a plain list. */
class TimerWheelProperties {

    private static final long MILLI = 1_000_000;
    private static final long TICK = 10 * MILLI;

    /** A deadline and what is known of it. */
    private static final class Known {
        private int fired;
        private final TimerWheel.Deadline deadline = new TimerWheel.Deadline(() -> fired++);
        private long at = Long.MAX_VALUE;
    }

    @Property(edgeCases = EdgeCasesMode.NONE, tries = 300)
    void deadlinesFireOnTime(@ForAll long seed) {
        Random random = new Random(seed);
        long now = random.nextLong();
        TimerWheel wheel = new TimerWheel(now);
        List<Known> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(new Known());
        }
        for (int step = 0; step < 300; step++) {
            Known one = all.get(random.nextInt(all.size()));
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> {
                    long millis = random.nextInt(4) == 0 ? random.nextInt(40_000) : random.nextInt(200);
                    wheel.set(one.deadline, now, millis);
                    one.at = now + millis * MILLI;
                }
                case 3 -> {
                    wheel.clear(one.deadline);
                    one.at = Long.MAX_VALUE;
                }
                case 4 -> {
                    wheel.remove(one.deadline);
                    one.at = Long.MAX_VALUE;
                }
                default -> {
                    now += random.nextInt(5) == 0 ? random.nextInt(30_000) * MILLI : random.nextInt(50) * MILLI / 3;
                    checkAdvance(wheel, all, now);
                }
            }
        }
    }

    private static void checkAdvance(TimerWheel wheel, List<Known> all, long now) {
        long wait = wheel.millisUntilNext(now);
        for (Known one : all) {
            if (one.at != Long.MAX_VALUE && one.at - now > 0) {
                assertThat(wait).isPositive().isLessThanOrEqualTo((one.at - now + TICK) / MILLI + 1);
            }
        }
        wheel.advance(now);
        for (Known one : all) {
            boolean set = one.at != Long.MAX_VALUE;
            if (one.fired > 0) {
                assertThat(one.fired).isEqualTo(1);
                assertThat(set && one.at - now <= 0).as("not early").isTrue();
                assertThat(one.deadline.set()).isFalse();
                one.fired = 0;
                one.at = Long.MAX_VALUE;
            } else if (set) {
                assertThat(one.at - now > -TICK).as("not late").isTrue();
                assertThat(one.deadline.set()).isTrue();
            }
        }
    }

    @Example
    void anActionMaySetMoveAndRemoveDeadlines() {
        TimerWheel wheel = new TimerWheel(0);
        List<String> fired = new ArrayList<>();
        TimerWheel.Deadline victim = new TimerWheel.Deadline(() -> fired.add("victim"));
        TimerWheel.Deadline other = new TimerWheel.Deadline(() -> fired.add("other"));
        TimerWheel.Deadline[] again = new TimerWheel.Deadline[1];
        again[0] = new TimerWheel.Deadline(() -> {
            fired.add("again");
            wheel.remove(victim);
            wheel.set(other, 100 * MILLI, 500);
            wheel.set(again[0], 100 * MILLI, 50);
        });
        wheel.set(again[0], 0, 50);
        wheel.set(victim, 0, 50);
        wheel.set(other, 0, 60);

        wheel.advance(100 * MILLI);
        assertThat(fired).containsExactly("again");
        wheel.advance(200 * MILLI);
        assertThat(fired).containsExactly("again", "again");
        wheel.remove(again[0]);
        wheel.advance(599 * MILLI);
        assertThat(fired).hasSize(2);
        wheel.advance(620 * MILLI);
        assertThat(fired).containsExactly("again", "again", "other");
    }

    @Example
    void waitsForEverWithoutDeadlines() {
        TimerWheel wheel = new TimerWheel(0);
        assertThat(wheel.millisUntilNext(0)).isZero();

        TimerWheel.Deadline deadline = new TimerWheel.Deadline(() -> {});
        wheel.set(deadline, 0, 100);
        assertThat(wheel.millisUntilNext(0)).isBetween(100L, 110L);
        wheel.remove(deadline);
        wheel.advance(200 * MILLI);

        assertThat(wheel.millisUntilNext(200 * MILLI)).isZero();
    }
}
