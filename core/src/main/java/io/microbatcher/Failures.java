package io.microbatcher;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The words in which a caller is told why there is no result when it was not the processor that said so. */
final class Failures {
    private static final int LONGEST_KEY = 100;

    private Failures() {}

    static JobFailedException timedOut(String batcher, long timeoutNanos, long cycleNanos) {
        String message =
                "job of " + batcher + " did not end within its jobTimeout of " + Duration.ofNanos(timeoutNanos);
        if (timeoutNanos <= cycleNanos && cycleNanos != Nanos.FOREVER) {
            message += ", which is no longer than the time that its batch may wait to fill: batchCycle is "
                    + Duration.ofNanos(cycleNanos);
        }
        return new JobFailedException(message, new TimeoutException(message));
    }

    static TimeoutException batchTimedOut(String batcher, long timeoutNanos) {
        return new TimeoutException(
                "a batch of " + batcher + " did not end within its batchTimeout of " + Duration.ofNanos(timeoutNanos));
    }

    /** The exception of a job, its own, whose batch has timed out. */
    static JobFailedException timedOutWith(TimeoutException batch, int position, int jobs) {
        return new JobFailedException(
                batch.getMessage() + ", and with it job " + (position + 1) + " of " + jobs
                        + "; what the processor answers from now on is dropped. Give the calls that it makes a limit of "
                        + "their own, shorter than this, or raise batchTimeout",
                batch);
    }

    static JobFailedException givenUp(String batcher, String tried, Throwable cause) {
        return new JobFailedException(
                "a batch of " + batcher
                        + " failed, and after it so many parts of it in a row that this job was not tried "
                        + "without the others: " + described(cause) + tried,
                cause);
    }

    static JobFailedException notUnderstood(String batcher, String function, Throwable cause) {
        return new JobFailedException(
                "job was not accepted by " + batcher + ": its " + function + " failed: " + described(cause), cause);
    }

    /** What a failure says of itself; an exception of the user's may fail to. */
    static String described(Throwable failure) {
        try {
            return failure.toString();
        } catch (Throwable prickly) {
            return failure.getClass().getName();
        }
    }

    /** What a key or id of the user's is, in quotes, and its class, since 7 and "7" look the same. */
    static String named(@Nullable Object key) {
        if (key == null) {
            return "null";
        }
        String type = key.getClass().getName();
        try {
            String text = String.valueOf(key);
            return "'" + (text.length() <= LONGEST_KEY ? text : text.substring(0, LONGEST_KEY) + "…") + "' (" + type
                    + ")";
        } catch (Throwable prickly) {
            return "one of " + type;
        }
    }

    /** One of the keys that were found, to compare with; nothing if there is none. */
    static String suchAs(Collection<? extends @Nullable Object> keys) {
        return keys.isEmpty() ? "" : " such as " + named(keys.iterator().next());
    }

    static String count(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    static BatcherClosedException closed(String batcher) {
        return new BatcherClosedException("job was not accepted: " + batcher + " is closed");
    }

    static BatcherClosedException abandoned(String batcher) {
        return new BatcherClosedException("job was abandoned while it waited: shutdownNow() was called on " + batcher);
    }

    static BatcherClosedException notTriedAgain(String batcher) {
        return new BatcherClosedException(
                "job was abandoned while it waited to be tried again: shutdownNow() was called on " + batcher);
    }

    /** What a stage failed with, without the wrappers that stages put around it. */
    static Throwable unwrapped(Throwable thrown) {
        Throwable inner = thrown;
        while (inner instanceof CompletionException || inner instanceof ExecutionException) {
            Throwable cause = inner.getCause();
            if (cause == null) {
                break;
            }
            inner = cause;
        }
        return inner;
    }

    /** Throws what a processor failed with. */
    static Exception thrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof Exception exception ? exception : new JobFailedException(described(failure), failure);
    }
}
