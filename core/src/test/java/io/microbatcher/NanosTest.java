package io.microbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class NanosTest {
    @Test
    void r2_7_aDurationThatDoesNotFitIsForever() {
        assertThat(Nanos.of(Duration.ofMillis(3))).isEqualTo(3_000_000);
        assertThat(Nanos.of(Duration.ofNanos(Long.MAX_VALUE).plusNanos(1))).isEqualTo(Nanos.FOREVER);
        assertThat(Nanos.of(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(Nanos.FOREVER);
        assertThat(Nanos.of(Duration.ofSeconds(Long.MIN_VALUE))).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void r2_7_theTimeAfterAMomentNeverOverflows() {
        assertThat(Nanos.after(0, 0)).isZero();
        assertThat(Nanos.after(5, 6)).isEqualTo(11);
        assertThat(Nanos.after(Nanos.FOREVER - 5, 5)).isEqualTo(Nanos.FOREVER);
        assertThat(Nanos.after(Nanos.FOREVER - 5, 6)).isEqualTo(Nanos.FOREVER);
        assertThat(Nanos.after(Nanos.FOREVER, Nanos.FOREVER)).isEqualTo(Nanos.FOREVER);
    }
}
