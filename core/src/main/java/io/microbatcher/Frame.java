package io.microbatcher;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Marks a thread while it runs a batcher's user code, so that a call back into the same batcher is known for what it is:
 * a thread that would free the room, the slot or the last job must never wait for it (R4.4).
 *
 * <p>Frames nest, as a completion callback of one batcher may run inside the processor of another. Confined to its
 * thread.
 */
final class Frame {
    private static final ThreadLocal<@Nullable Frame> INNERMOST = new ThreadLocal<>();

    private final Dispatcher<?, ?> owner;
    private final boolean holdsSlot;
    private final @Nullable Frame outer;

    /** Whether the dispatcher counts on this thread to look for work again when the callbacks have returned. */
    boolean returning;

    /** The batch whose processor this frame is around. */
    @Nullable
    Batch<?, ?> batch;

    /** What the callers of the batch carry whose processor this frame is around. */
    @Nullable
    JobContexts contexts;

    private Frame(Dispatcher<?, ?> owner, boolean holdsSlot) {
        this.owner = owner;
        this.holdsSlot = holdsSlot;
        this.outer = INNERMOST.get();
        INNERMOST.set(this);
    }

    /** Around the processor, and whatever else runs while its slot is taken. */
    static Frame processing(Dispatcher<?, ?> owner) {
        return new Frame(owner, true);
    }

    /** Around callbacks after a slot was given back, or without one. */
    static Frame delivering(Dispatcher<?, ?> owner) {
        return new Frame(owner, false);
    }

    /** The contexts of the batch whose processor this thread is in, and not in a callback inside of that. */
    static @Nullable JobContexts contextsHere() {
        Frame innermost = INNERMOST.get();
        return innermost == null ? null : innermost.contexts;
    }

    /**
     * Whether this thread is in the processor of a batch that was told to stop. Its interrupt may have met another batch,
     * which ran on this thread meanwhile, in a callback of the first.
     */
    static boolean isToStop() {
        for (Frame frame = INNERMOST.get(); frame != null; frame = frame.outer) {
            Batch<?, ?> batch = frame.batch;
            if (batch != null && batch.interrupted && batch.runner == Thread.currentThread()) {
                return true;
            }
        }
        return false;
    }

    static boolean isInside(Dispatcher<?, ?> owner) {
        return innermost(owner) != null;
    }

    static boolean isInsideProcessor(Dispatcher<?, ?> owner) {
        for (Frame frame = INNERMOST.get(); frame != null; frame = frame.outer) {
            if (frame.owner == owner && frame.holdsSlot) {
                return true;
            }
        }
        return false;
    }

    /** Whether this thread runs user code of any batcher with this executor. */
    static boolean isOnExecutor(Executor executor) {
        for (Frame frame = INNERMOST.get(); frame != null; frame = frame.outer) {
            if (frame.owner.settings.executor() == executor) {
                return true;
            }
        }
        return false;
    }

    static @Nullable Frame innermost(Dispatcher<?, ?> owner) {
        for (Frame frame = INNERMOST.get(); frame != null; frame = frame.outer) {
            if (frame.owner == owner) {
                return frame;
            }
        }
        return null;
    }

    void leave() {
        INNERMOST.set(outer); // null rather than removed, which would cost more than a batch's other books
    }
}
