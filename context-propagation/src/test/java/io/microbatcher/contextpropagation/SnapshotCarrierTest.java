package io.microbatcher.contextpropagation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.microbatcher.ContextCarrier;
import io.microbatcher.JobContexts;
import io.microbatcher.MicroBatcher;
import io.microbatcher.test.ManualExecutor;
import io.microbatcher.test.VirtualTime;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.ThreadLocalAccessor;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** Whatever is registered goes along: a thread local, the logging context of SLF4J, the context of OpenTelemetry. */
class SnapshotCarrierTest {
    private static final ThreadLocal<String> USER = new ThreadLocal<>();
    private static final ContextKey<String> TRACE = ContextKey.named("trace");

    private final ContextRegistry registry = new ContextRegistry();
    private final ManualExecutor workers = new ManualExecutor();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void clear() {
        USER.remove();
        MDC.clear();
    }

    /** The logging context as a whole. */
    private static final class MdcAccessor implements ThreadLocalAccessor<Map<String, String>> {
        @Override
        public Object key() {
            return "mdc";
        }

        @Override
        public Map<String, String> getValue() {
            Map<String, String> here = MDC.getCopyOfContextMap();
            return here == null || here.isEmpty() ? null : here;
        }

        @Override
        public void setValue(Map<String, String> value) {
            MDC.setContextMap(value);
        }

        @Override
        public void setValue() {
            MDC.clear();
        }
    }

    /** The context of OpenTelemetry, which is put in place and taken away by a scope. */
    private static final class OpenTelemetryAccessor implements ThreadLocalAccessor<Context> {
        @Override
        public Object key() {
            return "opentelemetry";
        }

        @Override
        public Context getValue() {
            Context here = Context.current();
            return here == Context.root() ? null : here;
        }

        @Override
        @SuppressWarnings("MustBeClosedChecker") // what was there before is restored by value, too
        public void setValue(Context value) {
            assertThat(value.makeCurrent()).isNotNull();
        }

        @Override
        public void setValue() {
            setValue(Context.root());
        }
    }

    private MicroBatcher.Builder<String, String> batcher(boolean clearMissing) {
        return MicroBatcher.builder((List<String> jobs) -> {
                    seen.add("batch itself: " + here());
                    for (int i = 0; i < jobs.size(); i++) {
                        try (ContextCarrier.Scope scope = JobContexts.current().restore(i)) {
                            assertThat(scope).isNotNull();
                            seen.add("batch for " + jobs.get(i) + ": " + here());
                        }
                    }
                    return jobs;
                })
                .batchSize(2)
                .batchCycle(Duration.ofDays(1))
                .timer(new VirtualTime())
                .executor(workers)
                .context(new SnapshotCarrier(ContextSnapshotFactory.builder()
                        .contextRegistry(registry)
                        .clearMissing(clearMissing)
                        .build()));
    }

    private static String here() {
        return USER.get() + " " + MDC.get("request") + " " + Context.current().get(TRACE);
    }

    private CompletableFuture<String> submit(MicroBatcher<String, String> batcher, String job) {
        CompletableFuture<String> future = batcher.submit(job);
        future.thenRun(() -> seen.add("callback of " + job + ": " + here()));
        return future;
    }

    @Test
    void threadLocalsLoggingAndTracesGoWithEachJob() {
        registry.registerThreadLocalAccessor("user", USER);
        registry.registerThreadLocalAccessor(new MdcAccessor());
        registry.registerThreadLocalAccessor(new OpenTelemetryAccessor());
        var batcher = batcher(true).build();
        USER.set("alice");
        MDC.put("request", "1");
        try (Scope scope = Context.current().with(TRACE, "t1").makeCurrent()) {
            assertThat(scope).isNotNull();
            submit(batcher, "a");
        }
        USER.set("bob");
        MDC.put("request", "2");
        try (Scope scope = Context.current().with(TRACE, "t2").makeCurrent()) {
            assertThat(scope).isNotNull();
            submit(batcher, "b");
        }
        USER.remove();
        MDC.clear();
        workers.runAll();
        assertThat(seen)
                .containsExactly(
                        "batch itself: null null null",
                        "batch for a: alice 1 t1",
                        "batch for b: bob 2 t2",
                        "callback of a: alice 1 t1",
                        "callback of b: bob 2 t2");
        assertThat(here()).isEqualTo("null null null");
    }

    @Test
    void whatACallerDidNotHaveIsClearedAndComesBack() {
        registry.registerThreadLocalAccessor("user", USER);
        var batcher = batcher(true).build();
        submit(batcher, "a");
        USER.set("alice");
        submit(batcher, "b");
        USER.set("delivering");
        workers.runAll();
        assertThat(seen).contains("callback of a: null null null", "callback of b: alice null null");
        assertThat(USER.get()).isEqualTo("delivering");
    }

    @Test
    void aFactoryMayLeaveItAlone() {
        registry.registerThreadLocalAccessor("user", USER);
        var batcher = batcher(false).build();
        submit(batcher, "a").cancel(false);
        submit(batcher, "b");
        USER.set("delivering");
        batcher.flush();
        workers.runAll();
        assertThat(seen).contains("callback of b: delivering null null");
    }

    @Test
    void withoutAnyFactoryItUsesTheGlobalRegistry() {
        ContextRegistry.getInstance().registerThreadLocalAccessor("user of SnapshotCarrierTest", USER);
        try (var batcher = MicroBatcher.<String, String>builder(jobs -> jobs)
                .context(new SnapshotCarrier())
                .build()) {
            USER.set("alice");
            var told = batcher.submit("a").thenApply(result -> USER.get());
            var cancelled = batcher.submit("b");
            var toldOfCancel = cancelled.handle((result, failure) -> USER.get());
            USER.set("bob");
            cancelled.cancel(false);
            assertThat(told.join()).isEqualTo("alice");
            assertThat(toldOfCancel.join()).isEqualTo("alice");
            assertThat(USER.get()).isEqualTo("bob");
        } finally {
            ContextRegistry.getInstance().removeThreadLocalAccessor("user of SnapshotCarrierTest");
        }
    }

    @Test
    void anAccessorThatThrowsLosesNoJob() {
        registry.registerThreadLocalAccessor(
                "thrower",
                () -> "value",
                value -> {
                    throw new StackOverflowError("on purpose");
                },
                () -> {});
        var batcher = batcher(true).build();
        var a = submit(batcher, "a");
        var b = submit(batcher, "b");
        workers.runAll();
        assertThat(a).isCompletedWithValue("a");
        assertThat(b).isCompletedWithValue("b");
        batcher.close();
    }

    @Test
    void aFactoryIsNeverNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> new SnapshotCarrier(null))
                .withMessage("snapshots must not be null");
    }
}
