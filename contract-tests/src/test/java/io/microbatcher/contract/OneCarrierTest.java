package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.microbatcher.BatchProcessor;
import io.microbatcher.MicroBatcher;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * R1.1 where virtual threads share one carrier, as in a container with one processor: a thread of the library that waits
 * for another leaves the carrier to it. In a JVM of its own, since the carriers are the JVM's. Needs one that has them.
 */
class OneCarrierTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int ROUNDS = 40;
    private static final int JOBS = 8;

    @Test
    void r1_1_aBatchWhoseTimeIsOverDoesNotKeepTheCarrierFromWhoeverInterruptsIt() throws Exception {
        assertThat(outputOf("returns")).isEqualToIgnoringNewLines(ROUNDS * JOBS + " ended");
    }

    @Test
    void r1_9_aProcessorThatKeepsTheCarrierIsInterruptedAllTheSame() throws Exception {
        assertThat(outputOf("polls")).isEqualToIgnoringNewLines(ROUNDS * JOBS + " ended");
    }

    private static String outputOf(String processor) throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads need Java 21");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djdk.virtualThreadScheduler.parallelism=1",
                        "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OneCarrierTest.class.getName(),
                        processor)
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("it comes to an end")
                    .isTrue();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
        }
    }

    public static void main(String[] arguments) {
        int ended = 0;
        for (int round = 0; round < ROUNDS; round++) {
            BatchProcessor<Integer, Integer> processor =
                    arguments[0].equals("polls") ? OneCarrierTest::untilInterrupted : OneCarrierTest::keepTheCarrier;
            try (var batcher = MicroBatcher.builder(processor)
                    .batchSize(2)
                    .batchTimeout(Duration.ofMillis(1))
                    .build()) {
                List<CompletableFuture<Integer>> jobs =
                        IntStream.range(0, JOBS).mapToObj(batcher::submit).toList();
                jobs.forEach(Caller::awaitEnd);
                ended += jobs.size();
            }
        }
        System.out.println(ended + " ended");
    }

    private static List<Integer> untilInterrupted(List<Integer> jobs) throws InterruptedException {
        while (!Thread.interrupted()) {
            Thread.onSpinWait();
        }
        throw new InterruptedException("as it was told");
    }

    /** Works on until the timer's thread has found that the time of the batch is over, and has sent somebody to tell it. */
    private static List<Integer> keepTheCarrier(List<Integer> jobs) {
        long end = System.nanoTime() + Duration.ofMillis(5).toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return jobs;
    }
}
