package io.sluice.node.proxy;

import io.sluice.node.http.HeadFields;
import io.sluice.node.http.HeaderEdits;
import io.sluice.node.http.KnownField;
import io.sluice.node.http.ResponseHead;
import io.sluice.node.plugin.HeaderName;
import io.sluice.node.plugin.MutableHeaders;
import io.sluice.node.plugin.Response;
import io.sluice.node.upstream.KeyCookie;

/** The response on its way to the client, from an upstream or made here. Reused from request to request. */
final class ResponseView implements Response {

    private static final HeaderName SET_COOKIE = HeaderName.of("Set-Cookie");

    private final ResponseHead head = new ResponseHead();
    private final HeaderEdits edits = new HeaderEdits();
    private final boolean[] dropped;
    private int status;
    private boolean statusChanged;
    private Source source = Source.GATEWAY;
    private long size;
    private long bodySize;

    /**
     * @param dropped by {@link KnownField}: what of an upstream's head is not passed on
     */
    ResponseView(boolean[] dropped) {
        this.dropped = dropped;
    }

    void begin() {
        status = 0;
        statusChanged = false;
        source = Source.GATEWAY;
        size = 0;
        bodySize = 0;
        edits.reset();
    }

    /** The upstream's head was read: hop-by-hop fields are dropped. */
    void received(boolean trailersWanted, boolean upgraded) {
        HeadFields fields = head.fields();
        edits.reset(fields);
        status = head.status();
        statusChanged = false;
        source = Source.SERVICE;
        boolean contentLength = status < 200 || status == 204; // there is nothing that could have a length
        for (int i = 0; i < fields.count(); i++) {
            int known = fields.known(i);
            if (known < 0) {
                continue;
            }
            boolean repeated = known == KnownField.CONTENT_LENGTH.ordinal() && contentLength;
            contentLength |= known == KnownField.CONTENT_LENGTH.ordinal();
            boolean trailer = known == KnownField.TRAILER.ordinal() && !trailersWanted;
            if (dropped[known] || repeated || trailer) {
                edits.drop(i);
            }
        }
        for (int c = fields.indexOf(KnownField.CONNECTION); c >= 0; c = fields.nextOf(c)) {
            for (int i = 0; i < fields.count(); i++) {
                boolean kept = fields.known(i) == KnownField.CONTENT_LENGTH.ordinal()
                        || upgraded && fields.known(i) == KnownField.UPGRADE.ordinal();
                if (!kept && fields.listHasNameOf(c, i)) {
                    edits.drop(i);
                }
            }
        }
        if (!upgraded) {
            edits.drop(KnownField.UPGRADE);
        }
    }

    /** Sets a cookie in the place of one of that name from the upstream. */
    void setCookie(KeyCookie cookie, String line) {
        HeadFields fields = head.fields();
        for (int i = 0; i < fields.count(); i++) {
            if (fields.named(i, SET_COOKIE) && cookie.setBy(fields.value(i))) {
                edits.drop(i);
            }
        }
        edits.add(SET_COOKIE, line);
    }

    /** The gateway answers itself. */
    void own(int newStatus) {
        edits.reset();
        status = newStatus;
        statusChanged = true;
        source = Source.GATEWAY;
    }

    ResponseHead head() {
        return head;
    }

    HeaderEdits edits() {
        return edits;
    }

    /** Whether the status line is not the upstream's. */
    boolean statusChanged() {
        return statusChanged;
    }

    /** So many bytes of content have been written. */
    void content(long bytes) {
        bodySize = bytes;
    }

    void sent(long bytes) {
        size += bytes;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public void status(int changed) {
        if (changed < 200 || changed > 599) {
            throw new IllegalArgumentException("response status: " + changed + " (expected: 200 to 599)");
        }
        status = changed;
        statusChanged = true;
    }

    @Override
    public MutableHeaders headers() {
        return edits;
    }

    @Override
    public Source source() {
        return source;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public long bodySize() {
        return bodySize;
    }
}
