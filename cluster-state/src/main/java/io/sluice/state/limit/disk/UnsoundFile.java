package io.sluice.state.limit.disk;

/** What is on disk cannot be used: to be set aside. */
final class UnsoundFile extends Exception {

    private static final long serialVersionUID = 1;

    UnsoundFile(String what) {
        super(what);
    }
}
