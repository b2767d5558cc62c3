package io.microbatcher.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatcherClosedException;
import io.microbatcher.BatcherFullException;
import io.microbatcher.BatcherStats;
import io.microbatcher.ContextCarrier.Scope;
import io.microbatcher.MicroBatcher;
import io.microbatcher.OverflowPolicy;
import io.microbatcher.ResultChannel;
import io.microbatcher.test.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * One random run: submits, cancels, lets time pass, lets workers run and stages complete, in any order, on one thread.
 * What must hold at each step, and when all is over, is checked here and by {@link RandomBackend}.
 */
final class RandomRun {
    private static final long MILLI = 1_000_000;
    private static final int PATIENCE = 400;

    final SplittableRandom random;
    final VirtualTime time = new VirtualTime(1);
    final List<Runnable> workers = new ArrayList<>();
    final List<VirtualItem> items = new ArrayList<>();
    final RandomOptions options;
    private final RandomBackend backend;
    private final MicroBatcher<VirtualItem, String> batcher;
    private final List<ResultChannel<VirtualItem, String>> channels = new ArrayList<>();
    private final List<Throwable> violations = new ArrayList<>();
    private int fromChannels;
    private int intoChannels;

    RandomRun(SplittableRandom random) {
        this.random = random;
        this.options = new RandomOptions(random, MILLI);
        this.backend = new RandomBackend(this);
        this.batcher = options.builder(backend.processor(), () -> {})
                .overflow(OverflowPolicy.REJECT) // there is one thread, and nobody to wait for
                .timer(time)
                .executor(workers::add)
                .build();
    }

    void run() throws InterruptedException {
        for (int step = random.nextInt(10, 80); step > 0; step--) {
            step();
            check();
        }
        CompletableFuture<Void> over = batcher.shutdown();
        if (random.nextInt(5) == 0) {
            batcher.shutdownNow();
        }
        for (int i = 0; i < PATIENCE && !over.isDone(); i++) {
            settle();
            time.advance(Duration.ofMillis(500));
            check();
        }
        assertThat(over).as("R4.1: the close has an end").isDone();
        while (settle()) {
            takeAll();
        }
        takeAll();
        check();
        assertThat(items).as("R1.1").allSatisfy(item -> assertThat(item.answers).isEqualTo(1));
        assertThat(fromChannels).as("results from channels").isEqualTo(intoChannels);
        BatcherStats books = batcher.stats();
        assertThat(books.pending() + books.waiting() + books.inFlight() + books.toRetry() + books.inFlightBatches())
                .as("R3.4: %s", books)
                .isZero();
        assertThat(books.ended()).isEqualTo(books.accepted());
    }

    private void step() throws InterruptedException {
        switch (random.nextInt(14)) {
            case 0, 1, 2, 3 -> submit();
            case 4, 5 -> runAWorker();
            case 6, 7 -> backend.completeAStage();
            case 8, 9 -> time.advance(options.span(random));
            case 10 -> cancelOne();
            case 11 -> batcher.flush();
            case 12 -> intoAChannel();
            default -> takeAll();
        }
    }

    private void submit() {
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            submit(new VirtualItem(items.size(), random, options.coalescing != null));
        }
    }

    private void submit(VirtualItem item) {
        items.add(item);
        item.acceptedNanos = time.nanos();
        Scope submitting = CarriedId.carry(item.id);
        CompletableFuture<String> future = batcher.submit(item);
        submitting.close();
        item.future = future;
        future.whenComplete((result, failure) -> noted(() -> answered(item, result, failure)));
    }

    /** Looks at something where an error of the test's would be taken for one of the user's. */
    void noted(Runnable look) {
        try {
            look.run();
        } catch (Throwable violation) {
            violations.add(violation);
        }
    }

    private void answered(VirtualItem item, String result, Throwable failure) {
        item.answers++;
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        item.refused = cause instanceof BatcherFullException || cause instanceof BatcherClosedException;
        if (failure == null) {
            assertThat(result).as("R1.2: %s", item).isEqualTo(item.result());
            item.succeeded = true;
        }
        if (options.carriesContext && item.future != null && !item.refused) {
            assertThat(CarriedId.get()).as("R5.7: %s", item).isEqualTo(item.id);
        }
        if (item.future != null && random.nextInt(20) == 0) {
            switch (random.nextInt(3)) {
                case 0 -> submit(new VirtualItem(items.size(), random, options.coalescing != null));
                case 1 -> batcher.flush();
                default -> batcher.stats();
            }
        }
    }

    private void intoAChannel() throws InterruptedException {
        if (channels.isEmpty() || random.nextInt(4) == 0) {
            channels.add(batcher.openChannel(random.nextInt(1, 6)));
        }
        VirtualItem item = new VirtualItem(items.size(), random, options.coalescing != null);
        item.acceptedNanos = time.nanos();
        Scope submitting = CarriedId.carry(item.id);
        if (channels.get(random.nextInt(channels.size())).trySubmit(item)) {
            items.add(item);
            intoChannels++;
        }
        submitting.close();
    }

    private void takeAll() throws InterruptedException {
        for (ResultChannel<VirtualItem, String> channel : channels) {
            for (var result = channel.poll(); result != null; result = channel.poll()) {
                fromChannels++;
                result.job().answers++;
                if (result.succeeded()) {
                    assertThat(result.value()).isEqualTo(result.job().result());
                    result.job().succeeded = true;
                }
            }
        }
    }

    private void cancelOne() {
        if (!items.isEmpty()) {
            CompletableFuture<String> future = items.get(random.nextInt(items.size())).future;
            if (future != null) {
                future.cancel(true);
            }
        }
    }

    private void runAWorker() {
        if (!workers.isEmpty()) {
            workers.remove(random.nextInt(workers.size())).run();
        }
    }

    /** Runs what can run, and completes what can be completed: whether there was anything. */
    private boolean settle() {
        boolean something = false;
        while (!workers.isEmpty() || backend.isBusy()) {
            something = true;
            runAWorker();
            backend.completeAStage();
        }
        return something;
    }

    private void check() {
        if (!violations.isEmpty()) {
            throw new AssertionError(violations.get(0).getMessage(), violations.get(0));
        }
        BatcherStats books = batcher.stats();
        assertThat(books.inFlightBatches()).as("R3.1").isLessThanOrEqualTo(options.slots);
        assertThat(books.pending()).as("R3.2").isLessThanOrEqualTo(options.maxPending);
        assertThat(books.pending()).as("the sum of %s", books).isEqualTo(books.waiting() + books.inFlight());
        for (VirtualItem item : items) {
            assertThat(item.answers).as("R1.1: %s", item).isLessThanOrEqualTo(1);
            boolean overdue = options.jobTimeoutNanos < time.nanos() - item.acceptedNanos;
            assertThat(overdue && item.future != null && !item.future.isDone())
                    .as("R1.7: %s", item)
                    .isFalse();
        }
    }

    @Override
    public String toString() {
        return options + "\nitems " + items + "\ncalls " + backend;
    }
}
