package io.sluice.node.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.http.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of RFC 7541 appendix C, and what must be refused. */
class HpackTest {

    private final HpackDecoder decoder = new HpackDecoder();

    private List<String> decode(String hex) {
        byte[] block = HexFormat.of().parseHex(hex.replace(" ", ""));
        List<String> fields = new ArrayList<>();
        boolean good = decoder.decode(block, 0, block.length, sink(fields));
        assertThat(good).isTrue();
        return fields;
    }

    private static HpackDecoder.Sink sink(List<String> fields) {
        return (name, nameFrom, nameTo, value, from, to) ->
                fields.add(new String(name, nameFrom, nameTo - nameFrom, StandardCharsets.ISO_8859_1)
                        + ": "
                        + new String(value, from, to - from, StandardCharsets.ISO_8859_1));
    }

    @Test
    void readsRequestsWithoutHuffmanCode() {
        assertThat(decode("828684410f7777772e6578616d706c652e636f6d"))
                .containsExactly(":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com");
        assertThat(decode("828684be58086e6f2d6361636865"))
                .containsExactly(
                        ":method: GET",
                        ":scheme: http",
                        ":path: /",
                        ":authority: www.example.com",
                        "cache-control: no-cache");
        assertThat(decode("828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565"))
                .containsExactly(
                        ":method: GET",
                        ":scheme: https",
                        ":path: /index.html",
                        ":authority: www.example.com",
                        "custom-key: custom-value");
    }

    @Test
    void readsRequestsWithHuffmanCode() {
        assertThat(decode("828684418cf1e3c2e5f23a6ba0ab90f4ff"))
                .containsExactly(":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com");
        assertThat(decode("828684be5886a8eb10649cbf")).endsWith("cache-control: no-cache");
        assertThat(decode("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf")).endsWith("custom-key: custom-value");
    }

    @Test
    void forgetsEntriesWhenTheTableShrinks() {
        decode("400a637573746f6d2d6b65790c637573746f6d2d76616c7565");
        assertThat(decode("be")).containsExactly("custom-key: custom-value");
        decode("20 3fe11f"); // to nothing and back to 4096

        assertThat(decoder.decode(new byte[] {(byte) 0xBE}, 0, 1, sink(new ArrayList<>())))
                .isFalse();
    }

    @Test
    void keepsTheTableWithinItsBytes() {
        for (int i = 0; i < 1000; i++) {
            String value = String.format("%04d", i) + "x".repeat(60);
            decode("4001" + HexFormat.of().toHexDigits((byte) 'k')
                    + HexFormat.of().toHexDigits((byte) 64)
                    + HexFormat.of().formatHex(value.getBytes(StandardCharsets.ISO_8859_1)));
        }

        assertThat(decode("be").get(0)).startsWith("k: 0999");
        assertThat(decode("e7").get(0)).startsWith("k: 0958"); // the last of 42: 97 bytes each of 4096
        assertThat(decoder.decode(new byte[] {(byte) 0xE8}, 0, 1, sink(new ArrayList<>())))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80", // entry 0
                "ff00", // beyond the tables
                "be", // an entry that is not there
                "ffffffffff0f", // a number without end
                "0081", // a string that is missing
                "0001610562", // a value that is too short
                "3fe21f", // a larger table than allowed
                "8220", // a change of the table behind a field
                "0001618100", // padding that is no padding
                "00016184ffffffff" // the end of string
            })
    void refusesWhatIsNoHeaderBlock(String hex) {
        byte[] block = HexFormat.of().parseHex(hex);

        assertThat(decoder.decode(block, 0, block.length, sink(new ArrayList<>())))
                .isFalse();
    }

    @Test
    void writesWhatCanBeRead() {
        ByteWriter block = new ByteWriter(16);
        byte[] name = "Content-Type".getBytes(StandardCharsets.ISO_8859_1);
        byte[] other = "X-Other".getBytes(StandardCharsets.ISO_8859_1);
        byte[] value = "v".repeat(5_000).getBytes(StandardCharsets.ISO_8859_1);
        HpackWriter.status(block, 200);
        HpackWriter.status(block, 418);
        HpackWriter.field(block, name, 0, name.length, value, 0, 3);
        HpackWriter.field(block, other, 0, other.length, value, 0, value.length);
        List<String> fields = new ArrayList<>();
        boolean good = decoder.decode(block.array(), 0, block.length(), sink(fields));

        assertThat(good).isTrue();
        assertThat(fields)
                .containsExactly(":status: 200", ":status: 418", "content-type: vvv", "x-other: " + "v".repeat(5_000));
    }
}
