package io.sluice.state.limit;

/** When a counted token becomes free again. Nodes tell each other by their order which is meant, see {@link LimitRule#shared}. */
public enum WindowType {
    /** At the end of the calendar window (UTC), as Kong counts. */
    FIXED,
    /** One period after it was taken: no interval as long as the period ever holds more than the limit. */
    SLIDING,
    /** Continuously: a bucket as large as the limit that fills up in one period (GCRA). */
    BUCKET,
    /** When the caller gives it back: so many at a time. */
    CONCURRENCY
}
