package io.sluice.node.plugins.ratelimiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.plugin.ExchangeFixture;
import io.sluice.node.plugin.PluginContextFixture;
import io.sluice.state.limit.Limits;
import io.sluice.state.model.schema.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;

/** Costs that others say, whatever they say. */
class CostProperties {

    private static final Map<String, Object> LIMITS =
            Map.of("video", Map.of("minute", 5), "image", Map.of("minute", 5));

    private final NamedLimit[] limits = limits();

    private static NamedLimit[] limits() {
        var config = PluginContextFixture.checked(new ResponseRateLimitingPlugin.Factory(), Map.of("limits", LIMITS));
        var all = new Settings(config);
        var context = PluginContextFixture.empty();
        return new NamedLimit[] {
            NamedLimit.open("video", all.record("limits").record("video"), all, context),
            NamedLimit.open("image", all.record("limits").record("image"), all, context)
        };
    }

    @Property
    void anythingAnUpstreamSaysIsANumberInBounds(
            @ForAll List<@CharRange(from = ' ', to = '~') String> any,
            @ForAll @StringLength(max = 30) @Chars({'0', '1', '9', '.', ',', '=', ' ', '-', 'e', 'x'}) String number) {
        var values = new ArrayList<>(any);
        values.add("video=" + number);

        for (long units : Increments.of(values, limits)) {
            assertThat(units).isBetween(0L, Limits.HIGHEST);
        }
    }

    @Property
    void whatAnUpstreamSaysIsReadAsItWasMeant(
            @ForAll @LongRange(min = 0, max = Limits.HIGHEST) long video,
            @ForAll @LongRange(min = 0, max = Limits.HIGHEST) long image) {
        var one = List.of("video=" + video + ", image=" + image);
        var two = List.of("image=" + image, "video =" + video + ".0");

        assertThat(Increments.of(one, limits)).containsExactly(video, image);
        assertThat(Increments.of(two, limits)).containsExactly(video, image);
    }

    @Property
    void anythingAClientSaysIsACostInBounds(
            @ForAll @StringLength(max = 12) @Chars({'0', '1', '9', '.', ' ', '-', '+', 'e', 'x'}) String said) {
        var cost = Cost.of(new Settings(Map.of("fixed", 3L, "header", "X-Cost")));
        var exchange = ExchangeFixture.get("/").header("X-Cost", said);
        boolean good = said.strip().matches("0*[1-9][0-9]{0,5}|0*1000000")
                && said.strip().length() <= 7;

        assertThat(cost.of(exchange)).isEqualTo(good ? Long.parseLong(said.strip()) : 3);
    }
}
