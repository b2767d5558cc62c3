package io.microbatcher.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A comparison is worth nothing if a contender does other work than the rest. */
@Timeout(60)
class ContenderTest {
    private static final int PRODUCERS = 3;
    private static final int JOBS = 2_000;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ON_THE_SPOT")
    void givesEachJobItsOwnResultInBatchesOfNoMoreThanTheSize(Contender contender) throws Exception {
        AtomicInteger largest = new AtomicInteger();
        AtomicInteger batches = new AtomicInteger();
        Backend twice = jobs -> {
            largest.accumulateAndGet(jobs.size(), Math::max);
            batches.incrementAndGet();
            return jobs.stream().map(job -> job * 2).toList();
        };
        try (Peer peer = contender.open(Setting.of(64, 1_000), twice)) {
            List<CompletableFuture<List<CompletableFuture<Long>>>> producers = new ArrayList<>();
            for (int producer = 0; producer < PRODUCERS; producer++) {
                long first = (long) producer * JOBS;
                producers.add(CompletableFuture.supplyAsync(() -> submit(peer, first)));
            }
            for (int producer = 0; producer < PRODUCERS; producer++) {
                List<CompletableFuture<Long>> results = producers.get(producer).get(30, TimeUnit.SECONDS);
                for (int i = 0; i < JOBS; i++) {
                    assertThat(results.get(i).get(30, TimeUnit.SECONDS)).isEqualTo(2L * (producer * JOBS + i));
                }
            }
        }
        int size = switch (contender) {
            case OURS_ADAPTIVE -> 100; // its size is its own
            case HYSTRIX -> 64 + PRODUCERS - 1; // each caller looks at the size before it adds its job
            default -> 64;
        };
        assertThat(largest.get()).isBetween(1, size);
        assertThat(batches.get()).isBetween(PRODUCERS * JOBS / size, PRODUCERS * JOBS);
    }

    private static List<CompletableFuture<Long>> submit(Peer peer, long first) {
        List<CompletableFuture<Long>> results = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            results.add(peer.submit(first + i));
        }
        return results;
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ON_THE_SPOT")
    void answersALoneCaller(Contender contender) throws Exception {
        try (Peer peer = contender.open(Setting.of(64, 1_000), jobs -> jobs)) {
            assertThat(peer.submit(4_711L).get(30, TimeUnit.SECONDS)).isEqualTo(4_711L);
            assertThat(peer.call(4_712L)).isEqualTo(4_712L);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ON_THE_SPOT")
    void tellsACallerThatItsBatchFailed(Contender contender) {
        Backend broken = jobs -> {
            throw new IllegalStateException("down");
        };
        try (Peer peer = contender.open(Setting.of(64, 1_000), broken)) {
            CompletableFuture<Long> result = peer.submit(4_711L);
            assertThatThrownBy(() -> result.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("down");
        }
    }
}
