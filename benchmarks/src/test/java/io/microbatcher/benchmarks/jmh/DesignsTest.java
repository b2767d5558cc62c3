package io.microbatcher.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.benchmarks.jmh.IntakeDesign.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Designs that are compared do the same. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DesignsTest {
    private static final int PRODUCERS = 3;
    private static final int JOBS = 2_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Treiber stack",
                "linked MPSC",
                "lock and deque",
                "LinkedBlockingQueue",
                "MpscUnboundedArrayQueue",
                "MpscArrayQueue"
            })
    void eachJobIsTakenOnceAndInTheOrderOfItsProducer(String design) throws InterruptedException {
        IntakeDesign queue = IntakeDesign.named(design);
        List<Thread> producers = new ArrayList<>();
        for (int i = 0; i < PRODUCERS; i++) {
            long first = (long) i * JOBS;
            Thread producer = new Thread(() ->
                    LongStream.range(first, first + JOBS).mapToObj(Job::new).forEach(queue::push));
            producer.start();
            producers.add(producer);
        }
        List<Long> taken = new ArrayList<>();
        while (taken.size() < PRODUCERS * JOBS) {
            assertThat(queue.take(128, job -> taken.add(job.number))).isLessThanOrEqualTo(128);
        }
        for (Thread producer : producers) {
            producer.join();
        }
        assertThat(queue.take(128, job -> taken.add(job.number))).isZero();
        for (int i = 0; i < PRODUCERS; i++) {
            long first = (long) i * JOBS;
            assertThat(taken.stream().filter(number -> number / JOBS == first / JOBS))
                    .containsExactlyElementsOf(
                            LongStream.range(first, first + JOBS).boxed().toList());
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCallerIsWokenWhetherItIsParkedOrNot(WakeDesign design) {
        try (WakeDesigns.Crowd crowd = new WakeDesigns.Crowd(design, 13)) {
            for (int round = 0; round < 200; round++) {
                if (round % 2 == 0) {
                    crowd.awaitParked();
                }
                crowd.prepare();
                crowd.answer();
                crowd.awaitAll();
            }
        }
    }
}
