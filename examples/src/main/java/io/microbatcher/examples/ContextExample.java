package io.microbatcher.examples;

import io.microbatcher.ContextCarrier;
import io.microbatcher.JobContexts;
import io.microbatcher.MicroBatcher;
import io.microbatcher.contextpropagation.SnapshotCarrier;
import io.micrometer.context.ContextRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** What a caller's thread carries goes with its job: each callback has its own caller's, the batch has all of them. */
final class ContextExample {
    /** Stands for a logging context, a trace, a security context. */
    private static final ThreadLocal<String> REQUEST = new ThreadLocal<>();

    private ContextExample() {}

    public static void main(String... args) {
        ContextRegistry.getInstance().registerThreadLocalAccessor("request", REQUEST);
        try (MicroBatcher<Integer, String> users = MicroBatcher.builder(ContextExample::load)
                .batchSize(2)
                .context(new SnapshotCarrier())
                .build()) {
            CompletableFuture<Void> ada = ask(users, "request-1", 1);
            CompletableFuture<Void> grace = ask(users, "request-2", 2);
            CompletableFuture.allOf(ada, grace).join();
        }
    }

    private static CompletableFuture<Void> ask(MicroBatcher<Integer, String> users, String request, int id) {
        REQUEST.set(request);
        try {
            return users.submit(id).thenAccept(name -> System.out.println(REQUEST.get() + ": " + name));
        } finally {
            REQUEST.remove();
        }
    }

    @SuppressWarnings("try") // a scope is there to be closed
    private static List<String> load(List<Integer> ids) {
        JobContexts contexts = JobContexts.current();
        for (int i = 0; i < ids.size(); i++) {
            try (ContextCarrier.Scope here = contexts.restore(i)) {
                System.out.println("a batch works for " + REQUEST.get());
            }
        }
        return IntStream.range(0, ids.size())
                .mapToObj(i -> ids.get(i) == 1 ? "Ada" : "Grace")
                .toList();
    }
}
