package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.microbatcher.MicroBatcher;
import java.util.List;
import org.junit.jupiter.api.Test;

/** build() says: NullPointerException if an option was set to null. */
class NullOptionTest {
    private static MicroBatcher.Builder<String, String> builder() {
        return MicroBatcher.builder((List<String> jobs) -> jobs);
    }

    @Test
    void r2_7_noNameIsNull() {
        assertThatNullPointerException().isThrownBy(() -> builder().name(null).build());
    }

    @Test
    void r2_7_noExecutorIsNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> builder().executor(null).build());
    }

    @Test
    void r2_7_noTimerIsNull() {
        assertThatNullPointerException().isThrownBy(() -> builder().timer(null).build());
    }

    @Test
    void r2_7_noListenerIsNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> builder().listener(null).build());
    }

    @Test
    void r2_7_noJobTimeoutIsNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> builder().jobTimeout(null).build());
    }

    @Test
    void r2_7_noContextIsNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> builder().context(null).build());
    }

    @Test
    void r2_7_noBatchTimeoutIsNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> builder().batchTimeout(null).build());
    }
}
