package io.sluice.state.wire;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class WireFieldProperties {

    @Property
    void whatIsWrittenIsRead(@ForAll long number, @ForAll boolean flag, @ForAll String text, @ForAll byte[] bytes)
            throws WireException {
        String encodable = text.replaceAll("[\\ud800-\\udfff]", "");
        WireOutput out = new WireOutput(1);
        out.fixed64(number)
                .varint(number)
                .signed(number)
                .flag(flag)
                .text(encodable)
                .bytes(bytes);

        WireInput in = new WireInput(out.toBytes(), 0, 0);

        assertThat(in.fixed64()).isEqualTo(number);
        assertThat(in.varint()).isEqualTo(number);
        assertThat(in.signed()).isEqualTo(number);
        assertThat(in.flag()).isEqualTo(flag);
        assertThat(in.text()).isEqualTo(encodable);
        assertThat(in.bytes()).isEqualTo(bytes);
        assertThat(in.left()).isZero();
    }

    @Property
    void anyBytesAreReadOrRefusedButNeverReadBeyond(@ForAll byte[] bytes, @ForAll byte[] kinds) {
        WireInput in = new WireInput(bytes, 0, 0);
        try {
            for (byte kind : kinds) {
                switch (Math.floorMod(kind, 6)) {
                    case 0 -> in.fixed64();
                    case 1 -> in.varint();
                    case 2 -> in.flag();
                    case 3 -> assertThat(in.text().length()).isLessThanOrEqualTo(bytes.length);
                    case 4 -> assertThat(in.bytes().length).isLessThanOrEqualTo(bytes.length);
                    default -> assertThat(in.count(3) * 3).isLessThanOrEqualTo(in.left());
                }
            }
        } catch (WireException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
        assertThat(in.left()).isBetween(0, bytes.length);
    }
}
