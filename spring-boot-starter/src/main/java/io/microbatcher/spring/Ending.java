package io.microbatcher.spring;

import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Ends batchers within {@code microbatcher.shutdown-timeout}, all of them together, from the moment that the application
 * begins to stop them.
 */
final class Ending {
    private static final Log LOG = LogFactory.getLog(Ending.class);

    private final Batchers batchers;
    private final LongSupplier nanoTime;
    private volatile Duration timeout = Duration.ofSeconds(20);
    private volatile @Nullable Long deadlineNanos;
    private volatile boolean closing;

    Ending(Batchers batchers, LongSupplier nanoTime) {
        this.batchers = batchers;
        this.nanoTime = nanoTime;
    }

    /** Sets how long it may take. */
    void within(Duration limit) {
        if (limit.isNegative()) {
            String path = MicroBatcherProperties.PREFIX + ".shutdown-timeout";
            throw new ConfigurationFault(
                    path + " is '" + limit + "', which cannot be: it must not be negative", "Correct " + path);
        }
        timeout = limit;
    }

    /** Begins the time within which everything has to end. */
    Duration begin() {
        deadlineNanos = nanoTime.getAsLong() + nanos();
        return timeout;
    }

    /** The application is about to close: the first thing that ends is the beginning, whenever there was one before. */
    void close() {
        deadlineNanos = null;
        closing = true;
    }

    /** Forgets a beginning: the application goes on. */
    void forget() {
        deadlineNanos = null;
    }

    /** Closes a batcher; what has not ended in time is cut off. */
    void end(MicroBatcher<?, ?> batcher) {
        batchers.remove(batcher);
        if (deadlineNanos == null && closing) {
            begin();
        } // else it ends by itself, as with its scope: there may be others, much later
        Long deadline = deadlineNanos;
        long left = deadline == null ? nanos() : Math.max(0, deadline - nanoTime.getAsLong());
        try {
            batcher.shutdown().get(left, TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            cutOff(batcher);
        } catch (InterruptedException hurried) {
            cutOff(batcher);
            Thread.currentThread().interrupt();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("the end of a batcher never fails", impossible);
        }
    }

    private void cutOff(MicroBatcher<?, ?> batcher) {
        int pending = batcher.stats().pending();
        int unseen = batcher.shutdownNow().size();
        LOG.warn("Batcher '" + batcher.name() + "' was not done within microbatcher.shutdown-timeout, " + timeout
                + ": of " + pending + " pending jobs " + unseen
                + " never reached the processor, and the batches of the others were interrupted");
    }

    /** How long it may take; practically for ever is no more than a deadline can be reckoned with. */
    long nanos() {
        try {
            return Math.min(timeout.toNanos(), Long.MAX_VALUE / 2);
        } catch (ArithmeticException beyond) {
            return Long.MAX_VALUE / 2;
        }
    }
}
