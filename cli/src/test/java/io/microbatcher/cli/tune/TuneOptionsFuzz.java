package io.microbatcher.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/**
 * Lines of {@code --option=value} as options of {@code tune}: what is wrong with them is said in a sentence. The last
 * option is always wrong, so that no simulation runs.
 */
public final class TuneOptionsFuzz {
    private static final List<String> OPTIONS = List.of(
            "--callers",
            "--rate",
            "--burst",
            "--think",
            "--cost",
            "--noise",
            "--served",
            "--sizes",
            "--cycles",
            "--latency-target",
            "--seed",
            "--measure-seconds",
            "--check-seconds");

    private TuneOptionsFuzz() {}

    /** Called with each input. */
    public static void fuzzerTestOneInput(byte[] data) {
        List<String> options = new String(data, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> OPTIONS.contains(line.replaceAll("(?s)=.*", "")))
                .limit(8)
                .toList();
        options.forEach(option -> convert(option.replaceAll("(?s)^[^=]*=?", "")));
        List<String> arguments = new ArrayList<>(List.of("tune"));
        arguments.addAll(options);
        arguments.add("--jobs=1");
        StringWriter err = new StringWriter();
        int status = Main.commandLine().setErr(new PrintWriter(err)).execute(arguments.toArray(String[]::new));
        assertThat(status).as(err.toString()).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).startsWith("microbatcher tune: ").doesNotContain("\tat ");
    }

    private static void convert(String value) {
        Duration duration = converted(Notation::duration, value);
        if (duration != null) {
            assertThat(duration).isBetween(Duration.ZERO, Duration.ofDays(1));
            assertThat(Notation.duration(duration.toNanos() + "ns")).isEqualTo(duration);
        }
        CostModel cost = converted(Notation::cost, value);
        if (cost != null) {
            String written = plain(cost.fixedNanos()) + "ns + n * " + plain(cost.perJobNanos()) + "ns";
            assertThat(Notation.cost(written)).isEqualTo(cost);
        }
        Double rate = converted(new Notation.RateConverter()::convert, value);
        if (rate != null) {
            assertThat(rate).isBetween(0.0, 1e12);
        }
    }

    private static <T> @Nullable T converted(Function<String, T> converter, String value) {
        try {
            return converter.apply(value);
        } catch (TypeConversionException why) {
            assertThat(why.getMessage()).isNotBlank();
            return null;
        }
    }

    private static String plain(double value) {
        return new BigDecimal(value).toPlainString();
    }
}
