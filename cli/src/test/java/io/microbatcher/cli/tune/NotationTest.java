package io.microbatcher.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.TypeConversionException;

class NotationTest {
    @ParameterizedTest
    @CsvSource({
        "2ms,           2000000,   0",
        "2ms+20us*n,    2000000,   20000",
        "20us*n+2ms,    2000000,   20000",
        "n*20us + 2ms,  2000000,   20000",
        "2 ms + 20 µs·n, 2000000,  20000",
        "1.5μs*n,       0,         1500",
        "1s+0ns*n,      1000000000, 0",
        "350ns,         350,       0",
    })
    void aCostIsAPartForEachBatchAndAPartForEachJob(String text, double fixedNanos, double perJobNanos) {
        assertThat(Notation.cost(text)).isEqualTo(new CostModel(fixedNanos, perJobNanos, 0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ""             | 1  | expected a number, but found the end
            2              | 2  | expected a unit (ns, us, µs, ms or s), but found the end
            2+20us*n       | 2  | expected a unit (ns, us, µs, ms or s), but found '+'
            2min           | 2  | 'min' is no unit; write ns, us, µs, ms or s
            2ms+           | 5  | expected a number, but found the end
            2ms+x          | 5  | expected a number, but found 'x'
            2ms+20us*      | 10 | expected n, the number of jobs, but found the end
            2ms+20us*k     | 10 | expected n, the number of jobs, but found 'k'
            2ms+20us*nn    | 11 | expected '+' or the end, but found 'n'
            2ms 3ms        | 5  | expected '+', '*n' or the end, but found '3'
            2ms+n          | 6  | expected '*' and a duration, but found the end
            2ms + 3ms      | 7  | there is a part for each batch already
            1us*n+2ms+3us*n | 11 | there is a part for each job already
            1.2.3ms        | 1  | '1.2.3' is no number
            -2ms           | 1  | expected a number, but found '-'
            2ms+9999999s*n | 5  | more than a day
            0ms            | 1  | a batch must cost a nanosecond or more
            """)
    void aComplaintNamesTheColumnAndPointsAtIt(String text, int column, String complaint) {
        assertThatThrownBy(() -> Notation.cost(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageStartingWith(complaint)
                .hasMessageContaining(", at column " + column + "\n")
                .hasMessageEndingWith("\n    " + text + "\n    " + " ".repeat(column - 1) + "^");
    }

    @Test
    void aDurationIsANumberAndAUnit() {
        assertThat(Notation.duration("1.5ms")).isEqualTo(Duration.ofNanos(1_500_000));
        assertThat(Notation.duration("0s")).isZero();
        assertThatThrownBy(() -> Notation.duration("5ms*n")).hasMessageStartingWith("expected the end, but found '*'");
    }

    @Test
    void aRateIsANumberInASecond() {
        Notation.RateConverter rate = new Notation.RateConverter();
        assertThat(rate.convert("500")).isEqualTo(500);
        assertThat(rate.convert("0.5/s")).isEqualTo(0.5);
        assertThatThrownBy(() -> rate.convert("500/min")).hasMessageContaining("'500/min' is no rate");
    }
}
