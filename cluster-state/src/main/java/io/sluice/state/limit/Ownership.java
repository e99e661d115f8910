package io.sluice.state.limit;

/** Who owns the tokens of a pool's keys: all are this node's, or they are shared with peers. Called by any thread. */
interface Ownership {

    /** Everything belongs to this node. */
    Ownership SOLE = new Ownership() {
        @Override
        public Claims claims(Entry entry, Limits limits, long now) {
            return limits.all();
        }

        @Override
        public boolean mayAdmit(long now) {
            return true;
        }

        @Override
        public void admitted(Entry entry, Lease lease, Outcome outcome) {}

        @Override
        public void charged(Entry entry, Lease lease, Outcome outcome) {}

        @Override
        public void looked(Entry entry, Lease lease, Outcome outcome) {}

        @Override
        public boolean refused(Entry entry, Lease lease, long cost, Outcome outcome) {
            return true;
        }
    };

    /** What this node may spend of a key now. */
    Claims claims(Entry entry, Limits limits, long now);

    /** False while this node has been cut off for so long that others may have been given its tokens. */
    boolean mayAdmit(long now);

    /** A request was refused because of {@link #mayAdmit}. */
    default void cutOff() {}

    /** Tokens were taken. */
    void admitted(Entry entry, Lease lease, Outcome outcome);

    /** The same, but maybe more than there were. */
    void charged(Entry entry, Lease lease, Outcome outcome);

    /** Before tokens are taken from a lease: pays back what was overdrawn. What is in the outcome is lost. */
    default void settle(Entry entry, Overdraft overdraft, Lease lease, long now, Outcome scratch) {}

    /** Somebody only looked at what is in use: adds what peers are known to use. */
    void looked(Entry entry, Lease lease, Outcome outcome);

    /** There were not enough, or none if the cost is 0: true if that is final, false if peers are asked and the outcome has been made pending. */
    boolean refused(Entry entry, Lease lease, long cost, Outcome outcome);
}
