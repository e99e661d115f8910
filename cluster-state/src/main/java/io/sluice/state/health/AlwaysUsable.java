package io.sluice.state.health;

/** The health of what has no health checks. */
enum AlwaysUsable implements TargetHealth {
    INSTANCE;

    @Override
    public boolean usable() {
        return true;
    }

    @Override
    public void responded(int status) {}

    @Override
    public void failed(Failure failure) {}
}
