package io.sluice.node.plugin;

import org.apache.pekko.util.ByteString;

/** The response, in memory; starts as an empty 200 of the upstream. */
public final class ResponseFixture implements Response {
    private final HeadersFixture headers = new HeadersFixture();
    private int status = 200;
    private Source source = Source.SERVICE;
    private String body = "";

    @Override
    public int status() {
        return status;
    }

    @Override
    public void status(int status) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status: " + status + " (expected: 200 to 599)");
        }
        this.status = status;
    }

    @Override
    public HeadersFixture headers() {
        return headers;
    }

    @Override
    public Source source() {
        return source;
    }

    @Override
    public long size() {
        return headers.toString().length() + (long) body.length();
    }

    @Override
    public long bodySize() {
        return body.length();
    }

    /** The body; of a negotiated one its JSON form. */
    public String body() {
        return body;
    }

    void body(String text) {
        body = text;
    }

    /** Becomes the answer of a plugin; its body as JSON if negotiated. */
    void answer(Verdict.Answer answer, String requestId) {
        source = Source.GATEWAY;
        status(answer.status());
        answer.headers().forEach(header -> headers.add(header.name(), header.value()));
        if (answer.body() instanceof Verdict.Answer.Negotiated negotiated) {
            headers.set(HeaderName.of("Content-Type"), "application/json; charset=utf-8");
            body = "{\n  \"message\":\"" + negotiated.message() + "\",\n  \"request_id\":\"" + requestId + "\"\n}";
        } else if (answer.body() instanceof Verdict.Answer.Exact exact) {
            if (!exact.contentType().isEmpty()) {
                headers.set(HeaderName.of("Content-Type"), exact.contentType());
            }
            body = exact.bytes().utf8String();
        } else {
            body = "";
        }
    }

    static String joined(BodyFilter filter, String... chunks) {
        var sent = ByteString.emptyByteString();
        for (String chunk : chunks) {
            sent = sent.concat(filter.onChunk(ByteString.fromString(chunk)));
        }
        return sent.concat(filter.onEnd()).utf8String();
    }
}
