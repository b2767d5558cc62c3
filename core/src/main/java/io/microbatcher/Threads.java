package io.microbatcher;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that the library brings for a batcher that was given no executor: virtual ones where the JVM has them,
 * cached daemon threads before; and of those some for what must not wait for a carrier. Made with the first batcher that
 * needs them, shared by all, gone when idle (R5.5).
 */
final class Threads {
    private Threads() {}

    static Executor shared() {
        return Shared.EXECUTOR;
    }

    /** Threads that no other one can keep from running. */
    static Executor platform() {
        return Platform.EXECUTOR;
    }

    private static final class Platform {
        private static final Executor EXECUTOR = cachedDaemons();

        private static Executor cachedDaemons() {
            AtomicInteger count = new AtomicInteger();
            return new ThreadPoolExecutor(
                    0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                        // inherits nothing: it outlives the caller for whom it was made
                        Thread thread = new Thread(null, task, "microbatcher-" + count.incrementAndGet(), 0, false);
                        thread.setDaemon(true);
                        return thread;
                    });
        }
    }

    private static final class Shared {
        private static final Executor EXECUTOR = make();

        private static Executor make() {
            // Thread.ofVirtual().name("microbatcher-", 1).inheritInheritableThreadLocals(false).factory(), which Java
            // 17
            // cannot name; a batch is no more that of the caller whose job made it leave than of the others
            try {
                Class<?> builder = Class.forName("java.lang.Thread$Builder");
                Object virtual = Thread.class.getMethod("ofVirtual").invoke(null);
                Object named =
                        builder.getMethod("name", String.class, long.class).invoke(virtual, "microbatcher-", 1L);
                Object empty = builder.getMethod("inheritInheritableThreadLocals", boolean.class)
                        .invoke(named, false);
                ThreadFactory factory =
                        (ThreadFactory) builder.getMethod("factory").invoke(empty);
                return task -> {
                    Thread thread = factory.newThread(task);
                    thread.setContextClassLoader(
                            Thread.currentThread().getContextClassLoader()); // not inherited either
                    thread.start();
                };
            } catch (ReflectiveOperationException tooOld) {
                return platform();
            }
        }
    }
}
