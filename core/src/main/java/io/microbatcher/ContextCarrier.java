package io.microbatcher;

import org.jspecify.annotations.Nullable;

/**
 * Carries what a caller's thread carries, such as a logging context or a trace, along with its job to other threads.
 *
 * <p>The context is captured on the caller's thread when a job is submitted, by {@link MicroBatcher#submit submit},
 * {@link MicroBatcher#run run} or a channel, and restored around the completion of its future: actions that depend on the
 * future and run on the thread that completes it see it, whether the job succeeds, fails, is cancelled or times out; one that
 * is added when the future is complete runs on the thread that adds it, as ever, and sees what that carries. A batch
 * has as many contexts as jobs, and the processor runs in none of them; {@link JobContexts#current()} shows them all.
 *
 * <pre>{@code
 * ContextCarrier<Map<String, String>> mdc = new ContextCarrier<>() {
 *     public Map<String, String> capture() {
 *         return MDC.getCopyOfContextMap();
 *     }
 *
 *     public Scope restore(Map<String, String> captured) {
 *         Map<String, String> before = MDC.getCopyOfContextMap();
 *         MDC.setContextMap(captured);
 *         return () -> MDC.setContextMap(before == null ? Map.of() : before);
 *     }
 * };
 * }</pre>
 *
 * <p><b>Thread safety.</b> Both methods are called by any thread, at the same time, outside of all locks.
 *
 * <p><b>Failure.</b> What a carrier throws never harms a job: it goes on without its context. The log says so, once for
 * each batcher and each of the three calls.
 *
 * @param <C> what is captured
 */
public interface ContextCarrier<C> {
    /**
     * Captures what this thread carries.
     *
     * @return what {@link #restore} needs, unmodifiable from now on; {@code null} if there is nothing to carry, and then
     *     nothing is restored for the job
     */
    @Nullable
    C capture();

    /**
     * Makes this thread carry what was captured.
     *
     * @param captured what {@link #capture} returned, on this or another thread. May be restored any number of times
     * @return makes it carry again what it carried before
     */
    Scope restore(C captured);

    /** The time during which a thread carries what was restored. */
    @FunctionalInterface
    interface Scope extends AutoCloseable {
        /** Ends it, on the thread that began it, once. */
        @Override
        void close();
    }
}
