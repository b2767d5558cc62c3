package io.microbatcher.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Belongs to the module test. */
class VirtualTimeOverflowTest {
    @Test
    void advancingPastTheEndOfTheScaleRingsEverything() {
        VirtualTime time = new VirtualTime(5);
        List<String> rung = new ArrayList<>();
        time.schedule(10, () -> rung.add("a"));
        time.advance(Duration.ofNanos(Long.MAX_VALUE));
        assertThat(rung).containsExactly("a");
    }
}
