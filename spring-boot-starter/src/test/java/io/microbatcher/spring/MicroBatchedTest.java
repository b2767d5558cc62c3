package io.microbatcher.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microbatcher.JobFailedException;
import io.microbatcher.MicroBatcher;
import io.microbatcher.MissingResultException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.aop.MethodBeforeAdvice;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A method that is called for one key at a time runs for many. */
class MicroBatchedTest {
    private final ExecutorService callers = Executors.newCachedThreadPool();

    @AfterEach
    void noCallerIsLeft() {
        callers.shutdownNow();
    }

    /** Batches leave when two keys are there, and not before. */
    private static ApplicationContextRunner inTwos(Class<?>... configuration) {
        return Contexts.with(configuration)
                .withPropertyValues("microbatcher.defaults.batch-size=2", "microbatcher.defaults.batch-cycle=1h");
    }

    private <T> List<T> both(Callable<T> one, Callable<T> other) throws Exception {
        Future<T> first = callers.submit(one);
        Future<T> second = callers.submit(other);
        return List.of(first.get(30, TimeUnit.SECONDS), second.get(30, TimeUnit.SECONDS));
    }

    // ---------------------------------------------------------------- every form

    static class Forms {
        final List<String> batches = new CopyOnWriteArrayList<>();

        List<String> batches() {
            return batches;
        }

        private <T> T note(String name, Iterable<Long> ids, T answer) {
            List<Long> sorted = new ArrayList<>();
            ids.forEach(sorted::add);
            sorted.sort(null);
            batches.add(name + sorted);
            return answer;
        }

        private static String text(Long id) {
            return "#" + id;
        }

        @MicroBatched(batchMethod = "list")
        public String blocking(long id) {
            throw new AssertionError("the body does not run");
        }

        public List<String> list(List<Long> ids) {
            return note("list", ids, ids.stream().map(Forms::text).toList());
        }

        @MicroBatched(batchMethod = "map")
        public Optional<String> optional(Long id) {
            return Optional.empty();
        }

        @MicroBatched(batchMethod = "map")
        CompletableFuture<String> future(Long id) {
            return CompletableFuture.completedFuture("the body does not run");
        }

        @MicroBatched(batchMethod = "map")
        public Mono<String> mono(Long id) {
            return Mono.error(new AssertionError("the body does not run"));
        }

        /** Has no answer for negative ids. */
        public Map<Long, String> map(Set<Long> ids) {
            Map<Long, String> answers = new HashMap<>();
            ids.stream().filter(id -> id >= 0).forEach(id -> answers.put(id, text(id)));
            return note("map", ids, answers);
        }

        @MicroBatched(batchMethod = "mapOfOptionals")
        public CompletionStage<Optional<String>> stageOfOptional(Long id) {
            return CompletableFuture.completedFuture(Optional.of("the body does not run"));
        }

        Mono<Map<Long, Optional<String>>> mapOfOptionals(Collection<Long> ids) {
            return Mono.fromSupplier(() -> note("mapOfOptionals", ids, Map.of(1L, Optional.of("#1"))));
        }

        @MicroBatched(batchMethod = "stage")
        public int number(int id) {
            return -1;
        }

        public CompletableFuture<List<Integer>> stage(Iterable<Integer> ids) {
            List<Integer> answers = new ArrayList<>();
            ids.forEach(id -> answers.add(id * 2));
            batches.add("stage");
            return CompletableFuture.supplyAsync(() -> answers);
        }

        @MicroBatched(batchMethod = "flux")
        public Mono<String> viaFlux(long id) {
            return Mono.empty();
        }

        Flux<String> flux(List<Long> ids) {
            return note("flux", ids, Flux.fromIterable(ids).map(Forms::text));
        }

        @MicroBatched(batchMethod = "saveAll")
        public void save(long id) {
            throw new AssertionError("the body does not run");
        }

        public void saveAll(List<Long> ids) {
            note("saveAll", ids, "");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class FormsApplication {
        @Bean
        Forms forms() {
            return new Forms();
        }
    }

    @Test
    void aBlockingCallByPosition() {
        inTwos(FormsApplication.class).run(context -> {
            Forms forms = context.getBean(Forms.class);
            assertThat(both(() -> forms.blocking(1), () -> forms.blocking(2))).containsExactly("#1", "#2");
            assertThat(forms.batches()).containsExactly("list[1, 2]");
        });
    }

    @Test
    void anOptionalByKeyThatIsEmptyWhereTheMapHasNoAnswer() {
        inTwos(FormsApplication.class).run(context -> {
            Forms forms = context.getBean(Forms.class);
            assertThat(both(() -> forms.optional(1L), () -> forms.optional(-2L)))
                    .containsExactly(Optional.of("#1"), Optional.empty());
            assertThat(forms.batches()).containsExactly("map[-2, 1]");
        });
    }

    @Test
    void aFutureByKeyThatFailsWhereTheMapHasNoAnswer() {
        inTwos(FormsApplication.class).run(context -> {
            Forms forms = context.getBean(Forms.class);
            CompletableFuture<String> one = forms.future(1L);
            CompletableFuture<String> other = forms.future(-2L);
            assertThat(one).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo("#1");
            assertThat(other)
                    .failsWithin(30, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .withCauseInstanceOf(MissingResultException.class);
        });
    }

    @Test
    void aMonoAsksWhenItIsSubscribedToAndIsEmptyWhereTheMapHasNoAnswer() {
        inTwos(FormsApplication.class).run(context -> {
            Forms forms = context.getBean(Forms.class);
            Mono<String> one = forms.mono(1L);
            Mono<String> other = forms.mono(-2L);
            assertThat(batcher(context.getBean(Batchers.class), "forms-mono")
                            .stats()
                            .accepted())
                    .isZero();
            assertThat(Mono.zip(one, other.defaultIfEmpty("none")).block(Duration.ofSeconds(30)))
                    .containsExactly("#1", "none");
        });
    }

    @Test
    void aMonoThatIsCancelledTakesItsKeyBack() {
        inTwos(FormsApplication.class).run(context -> {
            Forms forms = context.getBean(Forms.class);
            forms.mono(1L).subscribe().dispose();
            assertThat(batcher(context.getBean(Batchers.class), "forms-mono")
                            .stats()
                            .pending())
                    .isZero();
        });
    }

    @Test
    void aFutureThatIsCancelledTakesItsKeyBack() {
        inTwos(FormsApplication.class).run(context -> {
            context.getBean(Forms.class).future(1L).cancel(true);
            assertThat(batcher(context.getBean(Batchers.class), "forms-future")
                            .stats()
                            .pending())
                    .isZero();
        });
    }

    @Test
    void aStageOfAnOptionalFromAMonoOfAMap() {
        inTwos(FormsApplication.class).run(context -> {
            Forms forms = context.getBean(Forms.class);
            var one = forms.stageOfOptional(1L).toCompletableFuture();
            var other = forms.stageOfOptional(2L).toCompletableFuture();
            assertThat(one).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo(Optional.of("#1"));
            assertThat(other).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo(Optional.empty());
        });
    }

    @Test
    void aPrimitiveFromAFutureOfAList() {
        inTwos(FormsApplication.class).run(context -> {
            Forms forms = context.getBean(Forms.class);
            assertThat(both(() -> forms.number(1), () -> forms.number(2))).containsExactly(2, 4);
            assertThat(forms.batches()).containsExactly("stage");
        });
    }

    @Test
    void aMonoFromAFluxByPosition() {
        inTwos(FormsApplication.class).run(context -> {
            Forms forms = context.getBean(Forms.class);
            assertThat(Flux.merge(forms.viaFlux(1), forms.viaFlux(2))
                            .collectList()
                            .block(Duration.ofSeconds(30)))
                    .containsExactlyInAnyOrder("#1", "#2");
            assertThat(forms.batches()).containsExactly("flux[1, 2]");
        });
    }

    @Test
    void aCallWithoutAnswerReturnsWhenItsBatchIsDone() {
        inTwos(FormsApplication.class).run(context -> {
            Forms forms = context.getBean(Forms.class);
            both(
                    () -> {
                        forms.save(1);
                        return "";
                    },
                    () -> {
                        forms.save(2);
                        return "";
                    });
            assertThat(forms.batches()).containsExactly("saveAll[1, 2]");
        });
    }

    @Test
    void equalKeysOfAMapAreAskedOnce() {
        inTwos(FormsApplication.class).run(context -> {
            Forms forms = context.getBean(Forms.class);
            assertThat(both(() -> forms.optional(1L), () -> forms.optional(1L)))
                    .containsExactly(Optional.of("#1"), Optional.of("#1"));
            assertThat(forms.batches()).containsExactly("map[1]");
        });
    }

    // ---------------------------------------------------------------- failures

    static class Failures {
        static class Refused extends RuntimeException {
            private static final long serialVersionUID = 1L;
        }

        @MicroBatched(batchMethod = "refuse")
        public String unchecked(long id) {
            return "";
        }

        public List<String> refuse(List<Long> ids) {
            throw new Refused();
        }

        @MicroBatched(batchMethod = "lose")
        public String declared(long id) throws IOException {
            return "";
        }

        @MicroBatched(batchMethod = "lose")
        public String undeclared(long id) {
            return "";
        }

        @MicroBatched(batchMethod = "lose")
        public CompletableFuture<String> future(long id) {
            return new CompletableFuture<>();
        }

        @MicroBatched(batchMethod = "lose")
        public Mono<String> mono(long id) {
            return Mono.empty();
        }

        public List<String> lose(List<Long> ids) throws IOException {
            throw new IOException("lost");
        }

        @MicroBatched(batchMethod = "loseLater")
        public Optional<String> fromFuture(long id) throws IOException {
            return Optional.empty();
        }

        public CompletableFuture<Map<Long, String>> loseLater(List<Long> ids) {
            return CompletableFuture.failedFuture(new IOException("lost later"));
        }

        @MicroBatched(batchMethod = "forget")
        public String forgotten(long id) {
            return "";
        }

        public List<String> forget(List<Long> ids) {
            return null;
        }

        final CountDownLatch atWork = new CountDownLatch(1);

        @MicroBatched(batchMethod = "wait")
        public String waiting(long id) {
            return "";
        }

        public List<String> wait(List<Long> ids) throws InterruptedException {
            atWork.countDown();
            new CountDownLatch(1).await();
            return List.of();
        }

        CountDownLatch atWork() {
            return atWork;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class FailuresApplication {
        @Bean
        Failures failures() {
            return new Failures();
        }
    }

    @Test
    void whatTheBatchMethodThrowsComesOutOfTheSingleCallIfItsSignatureAllows() {
        Contexts.with(FailuresApplication.class).run(context -> {
            Failures failures = context.getBean(Failures.class);
            assertThatThrownBy(() -> failures.unchecked(1)).isExactlyInstanceOf(Failures.Refused.class);
            assertThatThrownBy(() -> failures.declared(1)).isExactlyInstanceOf(IOException.class);
            assertThatThrownBy(() -> failures.fromFuture(1))
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage("lost later");
            assertThatThrownBy(() -> failures.undeclared(1))
                    .isExactlyInstanceOf(JobFailedException.class)
                    .hasCauseExactlyInstanceOf(IOException.class);
            assertThatThrownBy(() -> failures.forgotten(1))
                    .isExactlyInstanceOf(NullPointerException.class)
                    .hasMessageContaining("forget")
                    .hasMessageContaining("gave null in place of its answers");
        });
    }

    @Test
    void aFutureAndAMonoFailWithWhatTheBatchMethodThrew() {
        Contexts.with(FailuresApplication.class).run(context -> {
            Failures failures = context.getBean(Failures.class);
            assertThat(failures.future(1))
                    .failsWithin(30, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .withCauseExactlyInstanceOf(IOException.class);
            assertThatThrownBy(() -> failures.mono(1).block(Duration.ofSeconds(30)))
                    .hasCauseExactlyInstanceOf(IOException.class);
        });
    }

    @Test
    void aCallerThatIsInterruptedIsTold() throws Exception {
        Contexts.with(FailuresApplication.class)
                .withPropertyValues("microbatcher.shutdown-timeout=0s")
                .run(context -> {
                    Failures failures = context.getBean(Failures.class);
                    CompletableFuture<Boolean> flag = new CompletableFuture<>();
                    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
                    Thread caller = new Thread(() -> {
                        try {
                            failures.waiting(1);
                        } catch (RuntimeException expected) {
                            flag.complete(Thread.currentThread().isInterrupted());
                            thrown.complete(expected);
                        }
                    });
                    caller.start();
                    failures.atWork().await(30, TimeUnit.SECONDS);
                    caller.interrupt();
                    assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
                    assertThat(flag.get(30, TimeUnit.SECONDS)).isTrue();
                });
    }

    @Test
    void aKeyMustNotBeNull() {
        inTwos(FormsApplication.class)
                .run(context -> assertThatThrownBy(
                                () -> context.getBean(Forms.class).optional(null))
                        .isInstanceOf(NullPointerException.class)
                        .hasMessageContaining("key of a @MicroBatched method must not be null"));
    }

    // ---------------------------------------------------------------- options

    static class Sized {
        @MicroBatched(batchMethod = "sizes", name = "sized", batchSize = 3, batchCycle = "1h")
        public CompletableFuture<Integer> size(long id) {
            return new CompletableFuture<>();
        }

        public List<Integer> sizes(List<Long> ids) {
            return ids.stream().map(id -> ids.size()).toList();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class SizedApplication {
        @Bean
        Sized sizedBean() {
            return new Sized();
        }
    }

    @Test
    void theAnnotationWinsOverTheDefaults() {
        Contexts.with(SizedApplication.class)
                .withPropertyValues("microbatcher.defaults.batch-size=2")
                .run(context ->
                        assertThat(sizes(context.getBean(Sized.class), 3)).containsOnly(3));
    }

    @Test
    void thePropertiesOfTheInstanceWinOverTheAnnotation() {
        Contexts.with(SizedApplication.class)
                .withPropertyValues("microbatcher.instances.sized.batch-size=2")
                .run(context ->
                        assertThat(sizes(context.getBean(Sized.class), 2)).containsOnly(2));
    }

    private static List<Integer> sizes(Sized sized, int count) throws Exception {
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            answers.add(sized.size(i));
        }
        List<Integer> sizes = new ArrayList<>();
        for (CompletableFuture<Integer> answer : answers) {
            sizes.add(answer.get(30, TimeUnit.SECONDS));
        }
        return sizes;
    }

    // ---------------------------------------------------------------- beside other advice, and in a hierarchy

    interface Finder {
        Optional<String> find(Long id);

        Map<Long, String> findAll(List<Long> ids);
    }

    static class BehindAnInterface implements Finder {
        @Override
        @MicroBatched(batchMethod = "findAll")
        public final Optional<String> find(Long id) {
            return Optional.empty();
        }

        @Override
        public Map<Long, String> findAll(List<Long> ids) {
            return Map.of(1L, "#1", 2L, "#2");
        }
    }

    abstract static class Base<K, R> {
        @MicroBatched(batchMethod = "findAll")
        public R find(K key) {
            throw new AssertionError("the body does not run");
        }

        public abstract List<R> findAll(List<K> keys);
    }

    static class Concrete extends Base<Integer, String> {
        @Override
        public List<String> findAll(List<Integer> keys) {
            return keys.stream().map(String::valueOf).toList();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class AdvisedApplication {
        static final List<String> CALLED = new CopyOnWriteArrayList<>();

        @Bean
        Finder finder() {
            return new BehindAnInterface();
        }

        @Bean
        Concrete concrete() {
            return new Concrete();
        }

        @Bean
        static Advice advice() {
            return new Advice();
        }

        private static final class Advice implements BeanPostProcessor, Ordered {
            @Override
            public int getOrder() {
                return HIGHEST_PRECEDENCE;
            }

            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (!(bean instanceof Finder)) {
                    return bean;
                }
                ProxyFactory proxy = new ProxyFactory(bean); // by interface
                proxy.addAdvice((MethodBeforeAdvice) (method, arguments, target) -> CALLED.add(method.getName()));
                return proxy.getProxy();
            }
        }
    }

    @Test
    void otherAdviceOfTheSingleCallAndOfTheBatchMethodRunsToo() {
        AdvisedApplication.CALLED.clear();
        inTwos(AdvisedApplication.class).run(context -> {
            Finder finder = context.getBean(Finder.class);
            assertThat(both(() -> finder.find(1L), () -> finder.find(2L)))
                    .containsExactly(Optional.of("#1"), Optional.of("#2"));
            assertThat(AdvisedApplication.CALLED).containsExactly("find", "find", "findAll");
        });
    }

    @Test
    void typesOfAGenericSuperclassAreResolved() {
        inTwos(AdvisedApplication.class).run(context -> {
            Concrete concrete = context.getBean(Concrete.class);
            assertThat(both(() -> concrete.find(1), () -> concrete.find(2))).containsExactly("1", "2");
        });
    }

    private static MicroBatcher<?, ?> batcher(Batchers batchers, String name) {
        return java.util.Objects.requireNonNull(batchers.find(name), name);
    }
}
