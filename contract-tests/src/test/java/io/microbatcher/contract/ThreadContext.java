package io.microbatcher.contract;

import io.microbatcher.ContextCarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** What threads carry in these tests: a name, and a carrier that counts what is open and does what a test asks for. */
final class ThreadContext implements ContextCarrier<String> {
    private static final ThreadLocal<String> HERE = new ThreadLocal<>();

    final AtomicInteger captured = new AtomicInteger();
    final AtomicInteger restored = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    private final Consumer<Hook> then;

    enum Hook {
        CAPTURE,
        RESTORE,
        CLOSE
    }

    ThreadContext() {
        this(hook -> {});
    }

    /** Does something in each hook, throwing included. */
    ThreadContext(Consumer<Hook> then) {
        this.then = then;
    }

    /** What this thread carries, or null. */
    static String here() {
        return HERE.get();
    }

    static void set(String name) {
        if (name == null) {
            HERE.remove();
        } else {
            HERE.set(name);
        }
    }

    /** Does something while this thread carries a name. */
    static <T> T as(String name, Callback<T> action) {
        String before = here();
        set(name);
        try {
            return action.call();
        } catch (Exception thrown) {
            throw new AssertionError(thrown);
        } finally {
            set(before);
        }
    }

    interface Callback<T> {
        T call() throws Exception;
    }

    @Override
    public String capture() {
        captured.incrementAndGet();
        then.accept(Hook.CAPTURE);
        return here();
    }

    @Override
    public Scope restore(String captured) {
        restored.incrementAndGet();
        then.accept(Hook.RESTORE);
        String before = here();
        set(captured);
        return () -> {
            closed.incrementAndGet();
            set(before);
            then.accept(Hook.CLOSE);
        };
    }
}
