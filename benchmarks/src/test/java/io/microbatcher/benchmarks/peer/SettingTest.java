package io.microbatcher.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SettingTest {

    @Test
    void isReadAsItWasWritten() {
        Setting plain = Setting.of(128, 1_000);
        Setting special = Setting.of(Integer.MAX_VALUE, 0).workers(2).variant("yielding");

        assertThat(Setting.parse(plain.toString())).isEqualTo(plain);
        assertThat(Setting.parse(special.toString())).isEqualTo(special);
    }
}
