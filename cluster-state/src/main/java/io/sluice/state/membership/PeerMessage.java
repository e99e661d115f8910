package io.sluice.state.membership;

import io.sluice.state.wire.WireCodec;
import io.sluice.state.wire.WireException;
import io.sluice.state.wire.WireInput;
import io.sluice.state.wire.WireMessage;
import io.sluice.state.wire.WireOutput;
import java.util.ArrayList;
import java.util.List;

/** What the keepers of the members say to each other. The sender travels in the envelope. */
sealed interface PeerMessage extends MembersKeeper.Command, WireMessage {

    /**
     * Do you take me for a member?
     *
     * @param sentAt the sender's nanoTime, means nothing to others
     */
    record Ping(long sender, long sentAt) implements PeerMessage {}

    /**
     * I do.
     *
     * @param sentAt of the ping
     * @param wallMillis what the answering node's clock shows
     */
    record Pong(long sender, long sentAt, long wallMillis) implements PeerMessage {}

    /**
     * I am in a cluster, and you should be in it: said to seeds and to discovered nodes that are not.
     *
     * @param address {@code host:port} of the sender
     * @param members those of the sender's cluster
     * @param answer whether it answers another one
     */
    record Hello(long sender, String address, List<String> members, boolean answer) implements PeerMessage {

        private static Hello read(WireInput in) throws WireException {
            String address = in.text();
            int count = in.count(1);
            List<String> members = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                members.add(in.text());
            }
            return new Hello(in.sender(), address, members, in.flag());
        }

        private void write(WireOutput out) {
            out.text(address).varint(members.size());
            members.forEach(out::text);
            out.flag(answer);
        }
    }

    /** How they travel. */
    static List<WireCodec<?>> codecs() {
        return List.of(
                WireCodec.message(
                        Ping.class,
                        "ping",
                        1,
                        (ping, out) -> out.fixed64(ping.sentAt),
                        (in, version) -> new Ping(in.sender(), in.fixed64())),
                WireCodec.message(
                        Pong.class,
                        "pong",
                        1,
                        (pong, out) -> out.fixed64(pong.sentAt).varint(pong.wallMillis),
                        (in, version) -> new Pong(in.sender(), in.fixed64(), in.varint())),
                WireCodec.message(Hello.class, "hello", 1, Hello::write, (in, version) -> Hello.read(in)));
    }
}
