package io.sluice.node.proxy;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The upstream of the chaos test: answers by {@link ChaosPlan} and vanishes where the current plan says so. */
final class ChaosUpstream implements RawUpstream.Script {

    private volatile ChaosPlan plan = ChaosPlan.NONE;

    /** What happens from the next request on. */
    void plan(ChaosPlan next) {
        plan = next;
    }

    @Override
    public void run(RawUpstream.Peer peer) throws IOException {
        InputStream in = new BufferedInputStream(peer.socket().getInputStream());
        in.mark(1);
        while (in.read() >= 0) {
            in.reset();
            if (!new Turn(peer, in, plan).serve()) {
                return;
            }
            in.mark(1);
        }
    }

    /** One request and its response. */
    private static final class Turn {
        private final RawUpstream.Peer peer;
        private final InputStream in;
        private final ChaosPlan plan;
        private int got;

        Turn(RawUpstream.Peer peer, InputStream in, ChaosPlan plan) {
            this.peer = peer;
            this.in = in;
            this.plan = plan;
        }

        /** Whether the connection lives on. */
        boolean serve() throws IOException {
            try {
                String head = head();
                String target = Heads.target(head);
                if (head.contains("Content-Length: ")) {
                    for (int i = 0; i < ChaosPlan.BODY.length(); i++) {
                        next();
                    }
                } else if (head.contains("Transfer-Encoding: ")) {
                    until("0\r\n\r\n");
                }
                return answer(target);
            } catch (EOFException e) {
                return false;
            }
        }

        private boolean answer(String target) throws IOException {
            String response = ChaosPlan.response(target);
            if (dies() && plan.afterRequest() && plan.at() < response.length()) {
                peer.write(response.substring(0, plan.at()));
                return die();
            }
            peer.write(response);
            if (target.equals("/upgrade")) {
                for (int i = 0; i < ChaosPlan.BODY.length(); i++) {
                    peer.write(new byte[] {(byte) next()});
                }
                return false;
            }
            return !target.equals("/close");
        }

        private boolean dies() {
            return !plan.clientDies();
        }

        private boolean die() throws IOException {
            if (plan.reset()) {
                peer.reset();
            } else {
                peer.close();
            }
            return false;
        }

        private int next() throws IOException {
            if (dies() && !plan.afterRequest() && got == plan.at()) {
                die();
                throw new EOFException();
            }
            int b = in.read();
            if (b < 0) {
                throw new EOFException();
            }
            got++;
            return b;
        }

        private String head() throws IOException {
            return until("\r\n\r\n");
        }

        private String until(String end) throws IOException {
            StringBuilder text = new StringBuilder();
            while (text.length() < end.length()
                    || !text.substring(text.length() - end.length()).equals(end)) {
                text.append((char) next());
            }
            return text.toString();
        }
    }
}
