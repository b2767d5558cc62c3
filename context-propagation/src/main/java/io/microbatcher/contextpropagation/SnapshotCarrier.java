package io.microbatcher.contextpropagation;

import io.microbatcher.ContextCarrier;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.Objects;

/**
 * Carries the thread locals that are registered with Micrometer's context propagation, such as a logging context, a trace
 * or a security context. Give it to {@code MicroBatcher.Builder.context}:
 *
 * <pre>{@code
 * ContextRegistry.getInstance().registerThreadLocalAccessor("user", USER);
 * try (MicroBatcher<Integer, String> batcher =
 *         MicroBatcher.builder(processor).context(new SnapshotCarrier()).build()) {
 *     batcher.submit(7).thenAccept(row -> log.info("for {}: {}", USER.get(), row)); // sees the caller's USER
 * }
 * }</pre>
 *
 * <p>Libraries that support context propagation register theirs by themselves; those that are missing are registered once,
 * at the start of the program, with a {@code ThreadLocalAccessor}.
 *
 * <p><b>Thread safety.</b> Immutable; one may serve any number of batchers.
 */
public final class SnapshotCarrier implements ContextCarrier<ContextSnapshot> {
    private final ContextSnapshotFactory snapshots;

    /**
     * Carries all that is registered with the global registry. What the caller's thread did not have is cleared while its
     * context is restored, so that nobody sees what belongs to another.
     */
    public SnapshotCarrier() {
        this(ContextSnapshotFactory.builder().clearMissing(true).build());
    }

    /**
     * Carries what a factory captures: with a registry of its own, some of the keys only, or without clearing.
     *
     * @param snapshots captures; one that does not {@code clearMissing} leaves a value that the delivering thread has where
     *     the caller had none
     */
    public SnapshotCarrier(ContextSnapshotFactory snapshots) {
        this.snapshots = Objects.requireNonNull(snapshots, "snapshots must not be null");
    }

    @Override
    public ContextSnapshot capture() {
        return snapshots.captureAll();
    }

    @Override
    public Scope restore(ContextSnapshot captured) {
        return captured.setThreadLocals()::close;
    }
}
