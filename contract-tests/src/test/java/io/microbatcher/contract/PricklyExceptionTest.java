package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchProcessor;
import io.microbatcher.JobFailedException;
import io.microbatcher.MicroBatcher;
import java.util.List;
import org.junit.jupiter.api.Test;

/** R1.4, R3.2: an exception whose toString() throws. */
class PricklyExceptionTest {
    private static final class Prickly extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new UnsupportedOperationException("getMessage");
        }
    }

    @Test
    void r1_4_theCauseIsWhatWasThrownEvenIfItCannotBeDescribed() {
        Prickly thrown = new Prickly();
        var batcher = MicroBatcher.<String, String>builder(jobs -> {
                    throw thrown;
                })
                .batchSize(1)
                .executor(Runnable::run)
                .build();
        assertThat(Caller.failureOf(batcher.submit("a")) instanceof JobFailedException failed
                        && failed.getCause() == thrown)
                .isTrue();
    }

    @Test
    void r1_5_failingOneJobWithItToo() {
        Prickly thrown = new Prickly();
        var batcher = MicroBatcher.builder(
                        BatchProcessor.<String, String>streaming((jobs, answers) -> answers.fail(0, thrown)))
                .batchSize(1)
                .executor(Runnable::run)
                .build();
        assertThat(Caller.failureOf(batcher.submit("a")) instanceof JobFailedException failed
                        && failed.getCause() == thrown)
                .isTrue();
    }

    @Test
    void r3_2_aWeigherThatThrowsItFailsTheFutureAndNotSubmit() {
        var batcher = MicroBatcher.<String, String>builder(jobs -> jobs)
                .maxBatchWeight(10, job -> {
                    throw new Prickly();
                })
                .build();
        assertThat(List.of(batcher.submit("a"))).allMatch(future -> future.isCompletedExceptionally());
    }
}
