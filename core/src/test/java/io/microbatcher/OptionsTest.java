package io.microbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** What follows from options that were left out. */
class OptionsTest {
    private final Options<String, String> options = new Options<>((List<String> jobs) -> jobs);

    @Test
    void withoutACycleNobodyWaitsForOne() {
        assertThat(options.validated().policy()).isSameAs(DispatchPolicy.adaptive());
        assertThat(options.validated().cycleNanos()).isEqualTo(Nanos.FOREVER);
        options.dispatchPolicy = DispatchPolicy.natural();
        assertThat(options.validated().policy()).isSameAs(DispatchPolicy.natural());
        assertThat(options.validated().cycleNanos()).isEqualTo(Nanos.FOREVER);
    }

    @Test
    void sizeOrAgeHasACycleOfFiveMillisecondsUnlessItIsSet() {
        options.dispatchPolicy = DispatchPolicy.sizeOrAge();
        assertThat(options.validated().cycleNanos()).isEqualTo(5_000_000);
        options.batchCycle = Duration.ofMillis(7);
        assertThat(options.validated().cycleNanos()).isEqualTo(7_000_000);
    }

    @Test
    void aCycleMeansSizeOrAgeUnlessAPolicyIsNamed() {
        options.batchCycle = Duration.ofMillis(7);
        assertThat(options.validated().policy()).isSameAs(DispatchPolicy.sizeOrAge());
        options.dispatchPolicy = DispatchPolicy.natural();
        assertThat(options.validated().policy()).isSameAs(DispatchPolicy.natural());
        assertThat(options.validated().cycleNanos()).isEqualTo(7_000_000);
    }

    @Test
    void theExecutorIsTheUsersOwnIfThereIsOne() {
        assertThat(options.validated().ownExecutor()).isFalse();
        assertThat(options.validated().executor()).isNotNull();
        Executor own = Runnable::run;
        options.executor = own;
        assertThat(options.validated().ownExecutor()).isTrue();
        assertThat(options.validated().executor()).isSameAs(own);
    }

    @Test
    void withoutALimitThereIsNone() {
        assertThat(options.validated().timesOut()).isFalse();
        assertThat(options.validated().batchesTimeOut()).isFalse();
        options.jobTimeout = Duration.ofNanos(1);
        options.batchTimeout = Duration.ofNanos(2);
        assertThat(options.validated().jobTimeoutNanos()).isEqualTo(1);
        assertThat(options.validated().batchTimeoutNanos()).isEqualTo(2);
    }
}
