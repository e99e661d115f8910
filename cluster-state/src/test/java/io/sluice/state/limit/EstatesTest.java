package io.sluice.state.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.limit.Estates.Bequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is known of who owns what, after a cluster's life of two years. */
class EstatesTest {

    private static final long BEGIN = Instant.parse("2026-03-07T11:00:00Z").toEpochMilli();
    private static final int FOUNDERS = 3;
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private final Random random = new Random(20261123);
    private final List<Long> members = new ArrayList<>(List.of(11L, 12L, 13L));
    private Estates all = Estates.founded(11).with(era(0, Long.MIN_VALUE));
    private long now = BEGIN;

    @ParameterizedTest
    @EnumSource(
            value = WindowType.class,
            names = {"FIXED", "SLIDING", "BUCKET"})
    void nobodyOwnsMoreOrLessWithoutWhatIsOver(WindowType type) {
        long next = 14;
        Estates current = all;
        for (int change = 1; change <= 1_500; change++) {
            now += random.nextLong(24 * HOUR);
            Estates news = Estates.NONE;
            if (random.nextInt(9) < members.size() && members.size() > FOUNDERS) {
                // Those who founded it stay, so windows differ by how many were there when they began.
                Long leaver = members.remove(FOUNDERS + random.nextInt(members.size() - FOUNDERS));
                Long heir = members.get(random.nextInt(members.size()));
                news = news.with(new Bequest(leaver, heir, now, random.nextInt(5) == 0));
            } else {
                members.add(next++);
            }
            news = news.with(era(change, now + 10_000));
            all = all.merge(news);
            current = current.merge(news).current(now);
            if (change % 50 == 0) {
                assertSame(type, current);
                assertThat(current.eras().size() + current.bequests().size()).isLessThan(400);
            }
        }
        assertThat(current.merge(all).current(now)).isEqualTo(current);
    }

    private void assertSame(WindowType type, Estates current) {
        List<Period> periods = type == WindowType.FIXED
                ? List.of(Period.values())
                : List.of(Period.SECOND, Period.MINUTE, Period.HOUR, Period.DAY);
        for (Period period : periods) {
            Limits limits = Limits.of(Map.of(period, 1_000L));
            long later = now + random.nextLong(48 * HOUR);
            for (long node : members) {
                long hash = random.nextLong();
                assertThat(owned(type, limits, hash, current, node, later))
                        .isEqualTo(owned(type, limits, hash, all, node, later));
            }
        }
    }

    private static long owned(WindowType type, Limits limits, long hash, Estates estates, long node, long time) {
        return new ClaimsRule(type, limits, hash, KeyLedger.EMPTY, estates, node, ClaimsRule.NEVER_LOWERED)
                .owned(0, time);
    }

    private Era era(int number, long start) {
        return new Era(
                number, start, members.stream().mapToLong(Long::longValue).toArray());
    }
}
