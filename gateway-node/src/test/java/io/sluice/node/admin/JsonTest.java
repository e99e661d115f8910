package io.sluice.node.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "-3, -3",
        "0.5, 0.5",
        "1795434660, 1795434660",
        "1795434660.092, 1795434660.092",
        "-1795434660.5, -1795434660.5",
        "123456789012.25, 123456789012.25",
        "1e300, 1.0E300"
    })
    void writesNumbersAsPeopleDo(double number, String written) {
        assertThat(new String(Json.write(number), StandardCharsets.UTF_8)).isEqualTo(written);
    }
}
