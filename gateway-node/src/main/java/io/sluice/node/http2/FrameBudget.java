package io.sluice.node.http2;

/**
 * How many frames that cost us more than the peer may come: refilled with time, so that honest peers never notice
 * (CVE-2023-44487, CVE-2019-9512 and its siblings).
 */
public final class FrameBudget {

    private final int most;
    private final int perSecond;
    private double left;
    private long refilledAt;

    public FrameBudget(int most, int perSecond, long now) {
        this.most = most;
        this.perSecond = perSecond;
        this.left = most;
        this.refilledAt = now;
    }

    /** Takes one; gives false if there is none left. */
    public boolean spend(long now) {
        if (now != refilledAt) {
            left = Math.min(most, left + (now - refilledAt) * 1e-9 * perSecond);
            refilledAt = now;
        }
        left -= 1;
        return left >= 0;
    }

    /** Gives one back, for a frame that brought something. */
    public void earn() {
        earn(1);
    }

    /** Gives so many back. */
    public void earn(int frames) {
        left = Math.min(most, left + frames);
    }
}
