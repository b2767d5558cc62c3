package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchListener;
import io.microbatcher.BatcherClosedException;
import io.microbatcher.BatcherFullException;
import io.microbatcher.JobFailedException;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** R4.4: every call, from every place where user code runs, on every kind of executor. None deadlocks. */
class CallsFromUserCodeTest {

    /** Where the user's code is when it calls. */
    enum Place {
        PROCESSOR,
        WEIGHER,
        ACCEPTED,
        REJECTED,
        DISPATCHED,
        COMPLETED,
        FAILED,
        ENDED,
        ENDED_BY_CANCEL,
        UNMATCHED,
        AFTER_RESULT,
        AFTER_FAILURE,
        AFTER_CANCEL,
        AFTER_DRAIN,
        AFTER_SHUTDOWN
    }

    /** What it calls. */
    enum Call {
        CLOSE {
            @Override
            void on(MicroBatcher<String, String> batcher) {
                batcher.close();
            }
        },
        SHUTDOWN {
            @Override
            void on(MicroBatcher<String, String> batcher) {
                batcher.shutdown();
            }
        },
        SHUTDOWN_NOW {
            @Override
            void on(MicroBatcher<String, String> batcher) {
                batcher.shutdownNow();
            }
        },
        FLUSH_AND_DRAIN {
            @Override
            void on(MicroBatcher<String, String> batcher) {
                batcher.flush();
                batcher.drain();
                assertThat(batcher.stats().pending()).isNotNegative();
            }
        },
        SUBMIT_MORE_THAN_FITS {
            @Override
            void on(MicroBatcher<String, String> batcher) {
                for (int i = 0; i <= MAX_PENDING; i++) {
                    batcher.submit("more");
                }
            }
        },
        RUN {
            @Override
            void on(MicroBatcher<String, String> batcher) throws Exception {
                try {
                    batcher.run("run");
                } catch (IllegalStateException | BatcherFullException | BatcherClosedException refused) {
                    // by the processor's own batcher, or for want of room
                } catch (JobFailedException failed) {
                    // in a bad batch
                }
            }
        },
        RUN_WITH_A_LIMIT {
            @Override
            void on(MicroBatcher<String, String> batcher) throws Exception {
                try {
                    batcher.run("run", Duration.ofMillis(1));
                } catch (IllegalStateException | BatcherFullException | BatcherClosedException refused) {
                    // as above
                } catch (TimeoutException | JobFailedException failed) {
                    // late, or in a bad batch
                }
            }
        },
        CHANNEL {
            @Override
            void on(MicroBatcher<String, String> batcher) throws Exception {
                try (var channel = batcher.openChannel(1)) {
                    channel.submit("through a channel");
                    channel.trySubmit("one too many");
                    channel.poll();
                }
            }
        };

        abstract void on(MicroBatcher<String, String> batcher) throws Exception;
    }

    private static final int MAX_PENDING = 4;

    static Stream<Arguments> everything() {
        return Stream.of(Threading.values())
                .flatMap(threading -> Stream.of(Place.values())
                        .flatMap(place -> Stream.of(Call.values()).map(call -> Arguments.of(threading, place, call))));
    }

    @ParameterizedTest
    @MethodSource("everything")
    void r4_4_everyCallFromEveryPlaceOnEveryExecutorReturns(Threading threading, Place place, Call call)
            throws Exception {
        try (var running = threading.open()) {
            Scenario scenario = new Scenario(place, call, running);
            running.awaitEnd(Caller.elsewhere(scenario::play));
            running.awaitEnd(ended(scenario.futures));
            assertThat(scenario.called).as("the test reaches the place").isTrue();
            assertThat(scenario.thrown).isEmpty();
            assertThat(scenario.futures).allMatch(CompletableFuture::isDone);
            assertThat(scenario.batcher.stats().pending()).isZero();
        }
    }

    static Stream<Arguments> everythingAfterADeadline() {
        return Stream.of(Threading.values())
                .flatMap(threading -> Stream.of(Call.values()).map(call -> Arguments.of(threading, call)));
    }

    @ParameterizedTest
    @MethodSource("everythingAfterADeadline")
    void r4_4_everyCallAfterADeadlineOnEveryExecutorReturns(Threading threading, Call call) throws Exception {
        try (var running = threading.open()) {
            var batcher = running.applyTo(MicroBatcher.<String, String>builder(jobs -> jobs)
                            .batchCycle(Duration.ofDays(1))
                            .maxPending(MAX_PENDING)
                            .jobTimeout(Duration.ofMillis(1)))
                    .build();
            AtomicBoolean called = new AtomicBoolean();
            var told = batcher.submit("late").handle((result, failure) -> {
                try {
                    assertThat(failure).hasCauseInstanceOf(TimeoutException.class);
                    call.on(batcher);
                    called.set(true);
                } catch (Exception thrown) {
                    throw new AssertionError(thrown);
                }
                return null;
            });
            running.awaitEnd(told);
            running.awaitEnd(Caller.elsewhere(batcher::close));
            assertThat(called).isTrue();
            assertThat(batcher.stats().pending()).isZero();
        }
    }

    private static CompletableFuture<Object> ended(List<CompletableFuture<?>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new))
                .handle((nothing, failure) -> null);
    }

    /** A little life of a batcher that passes every place. */
    private static final class Scenario implements BatchListener {
        private final Place where;
        private final Call call;
        private final MicroBatcher<String, String> batcher;
        private final AtomicBoolean called = new AtomicBoolean();
        private final List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
        private final List<CompletableFuture<?>> futures = Collections.synchronizedList(new ArrayList<>());

        Scenario(Place where, Call call, Threading.Running running) {
            this.where = where;
            this.call = call;
            this.batcher = running.applyTo(MicroBatcher.builder(this::process)
                            .batchSize(2)
                            .batchCycle(Duration.ofMillis(2))
                            .maxPending(MAX_PENDING)
                            .maxBatchWeight(100, this::weigh)
                            .jobTimeout(Duration.ofSeconds(20))
                            .listener(this))
                    .build();
        }

        private void at(Place place) {
            if (place == where && called.compareAndSet(false, true)) {
                try {
                    call.on(batcher);
                } catch (Throwable failed) {
                    thrown.add(failed);
                }
            }
        }

        void play() {
            batcher.submit("unweighable");
            boolean cancels = where == Place.AFTER_CANCEL || where == Place.ENDED_BY_CANCEL;
            do {
                submit("cancelled").cancel(true); // which may come too late
            } while (cancels && !called.get());
            submit("good");
            submit("neighbour");
            submit("bad");
            submit("worse");
            futures.add(batcher.drain().thenRun(() -> at(Place.AFTER_DRAIN)));
            futures.add(batcher.shutdown().thenRun(() -> at(Place.AFTER_SHUTDOWN)));
            batcher.close();
        }

        private CompletableFuture<String> submit(String job) {
            var future = batcher.submit(job);
            futures.add(future);
            future.whenComplete((result, failure) -> {
                if (future.isCancelled()) {
                    at(Place.AFTER_CANCEL);
                } else {
                    at(failure == null ? Place.AFTER_RESULT : Place.AFTER_FAILURE);
                }
            });
            return future;
        }

        private List<String> process(List<String> jobs) {
            at(Place.PROCESSOR);
            if (jobs.contains("bad")) {
                throw new IllegalStateException("bad");
            }
            List<String> results = new ArrayList<>(jobs);
            results.add("unmatched");
            return results;
        }

        private long weigh(String job) {
            at(Place.WEIGHER);
            if (job.equals("unweighable")) {
                throw new IllegalStateException("unweighable");
            }
            return 1;
        }

        @Override
        public void accepted(Object job) {
            at(Place.ACCEPTED);
        }

        @Override
        public void rejected(Object job, RuntimeException why) {
            at(Place.REJECTED);
        }

        @Override
        public void dispatched(BatchInfo batch) {
            at(Place.DISPATCHED);
        }

        @Override
        public void completed(BatchInfo batch, long nanos, int failedJobs) {
            at(Place.COMPLETED);
        }

        @Override
        public void failed(BatchInfo batch, long nanos, Throwable cause) {
            at(Place.FAILED);
        }

        @Override
        public void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
            at(outcome == JobOutcome.CANCELLED ? Place.ENDED_BY_CANCEL : Place.ENDED);
        }

        @Override
        public void unmatched(BatchInfo batch, Object result) {
            at(Place.UNMATCHED);
        }
    }
}
