package io.microbatcher.spring;

import io.microbatcher.JobFailedException;
import io.microbatcher.MicroBatcher;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Gives a key to a batcher, and the answer or the failure back in the form that the method has. */
final class SingleCall {
    private final Method method;
    private final Later later;
    private final boolean wraps;
    private final MicroBatcher<Object, @Nullable Object> batcher;

    /** @param wraps whether an answer has to be put into an {@link Optional} */
    SingleCall(Method method, Later later, boolean wraps, MicroBatcher<Object, @Nullable Object> batcher) {
        this.method = method;
        this.later = later;
        this.wraps = wraps;
        this.batcher = batcher;
    }

    MicroBatcher<?, ?> batcher() {
        return batcher;
    }

    @Nullable
    Object answer(Object key) throws Throwable {
        return later == Later.NOW ? waited(key) : later.returned(() -> future(key));
    }

    private @Nullable Object waited(Object key) throws Throwable {
        try {
            return wrapped(batcher.run(key));
        } catch (JobFailedException failed) {
            Throwable cause = cause(failed);
            throw isAllowed(cause) ? cause : failed;
        } catch (InterruptedException interrupted) {
            if (isAllowed(interrupted)) {
                throw interrupted;
            }
            Thread.currentThread().interrupt();
            CancellationException cancelled =
                    new CancellationException("interrupted while waiting for " + batcher.name());
            cancelled.initCause(interrupted);
            throw cancelled;
        }
    }

    /** Whoever completes, cancels or times out what is returned takes the job back. */
    private CompletableFuture<@Nullable Object> future(Object key) {
        CompletableFuture<@Nullable Object> job = batcher.submit(key);
        CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();
        CompletableFuture<?> unused = job.whenComplete((result, failure) -> {
            if (failure == null) {
                answer.complete(wrapped(result));
            } else {
                answer.completeExceptionally(failure instanceof JobFailedException failed ? cause(failed) : failure);
            }
        });
        unused = answer.whenComplete((result, failure) -> job.cancel(false));
        return answer;
    }

    private @Nullable Object wrapped(@Nullable Object answer) {
        return wraps && !(answer instanceof Optional) ? Optional.ofNullable(answer) : answer;
    }

    private static Throwable cause(JobFailedException failed) {
        Throwable cause = failed.getCause();
        return cause == null ? failed : cause;
    }

    private boolean isAllowed(Throwable thrown) {
        return thrown instanceof RuntimeException
                || thrown instanceof Error
                || Arrays.stream(method.getExceptionTypes()).anyMatch(declared -> declared.isInstance(thrown));
    }
}
