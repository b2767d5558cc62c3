package io.microbatcher.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import reactor.core.publisher.Flux;

/** What cannot be batched stops the start, and the complaint says what was found and what to do. */
class WrongMicroBatchedTest {
    private static void complains(Class<?> bean, String... words) {
        Contexts.with(bean).run(context -> {
            assertThat(context).hasFailed();
            ConfigurationFault fault = Contexts.fault(context.getStartupFailure());
            assertThat(fault.found()).contains(bean.getSimpleName());
            for (String word : words) {
                assertThat(fault).hasMessageContaining(word);
            }
        });
    }

    private static void starts(Class<?> bean) {
        Contexts.with(bean).run(context -> assertThat(context).hasNotFailed());
    }

    static class NoSuchBatchMethod {
        @MicroBatched(batchMethod = "findAl")
        public String find(Long id) {
            return "";
        }

        public List<String> findAll(List<Long> ids) {
            return List.of();
        }
    }

    @Test
    void aBatchMethodThatDoesNotExist() {
        complains(
                NoSuchBatchMethod.class,
                "names the batch method 'findAl', which",
                "does not have",
                "Correct batchMethod");
    }

    static class TakesAnArray {
        @MicroBatched(batchMethod = "findAll")
        public String find(Long id) {
            return "";
        }

        public List<String> findAll(Long[] ids) {
            return List.of();
        }

        public List<String> findAll(List<Long> ids, int limit) {
            return List.of();
        }
    }

    @Test
    void aBatchMethodThatTakesNoCollection() {
        complains(TakesAnArray.class, "takes a java.lang.Long[]", "has 2 parameters", "Give it one parameter, a List");
    }

    static class ReturnsOne {
        @MicroBatched(batchMethod = "findAll")
        public String find(Long id) {
            return "";
        }

        public String findAll(List<Long> ids) {
            return "";
        }
    }

    @Test
    void aBatchMethodThatReturnsNoCollection() {
        complains(ReturnsOne.class, "returns a java.lang.String");
    }

    static class SetByPosition {
        @MicroBatched(batchMethod = "findAll")
        public String find(Long id) {
            return "";
        }

        public List<String> findAll(Set<Long> ids) {
            return List.of();
        }
    }

    @Test
    void aSetWithAnswersByPosition() {
        complains(SetByPosition.class, "a set has no positions: return a Map");
    }

    static class OtherKeys {
        @MicroBatched(batchMethod = "findAll")
        public String find(Long id) {
            return "";
        }

        public List<String> findAll(List<Integer> ids) {
            return List.of();
        }
    }

    @Test
    void keysOfDifferentTypes() {
        complains(OtherKeys.class, "has a parameter of type java.lang.Long", "takes keys of type java.lang.Integer");
    }

    static class OtherKeysInTheMap {
        @MicroBatched(batchMethod = "findAll")
        public String find(Long id) {
            return "";
        }

        public Map<String, String> findAll(List<Long> ids) {
            return Map.of();
        }
    }

    @Test
    void aMapWithKeysOfAnotherType() {
        complains(OtherKeysInTheMap.class, "returns a map with keys of type java.lang.String");
    }

    static class OtherAnswers {
        @MicroBatched(batchMethod = "findAll")
        public String find(Long id) {
            return "";
        }

        public List<Integer> findAll(List<Long> ids) {
            return List.of();
        }
    }

    @Test
    void answersOfDifferentTypes() {
        complains(
                OtherAnswers.class,
                "has an answer of type java.lang.String",
                "gives answers of type java.lang.Integer");
    }

    static class NoAnswers {
        @MicroBatched(batchMethod = "findAll")
        public String find(Long id) {
            return "";
        }

        public void findAll(List<Long> ids) {}
    }

    @Test
    void aBatchMethodWithoutAnswersForACallThatWantsOne() {
        complains(NoAnswers.class, "gives answers of type void");
    }

    static class TwoParameters {
        @MicroBatched(batchMethod = "findAll")
        public String find(Long id, String tenant) {
            return "";
        }

        public List<String> findAll(List<Long> ids) {
            return List.of();
        }
    }

    @Test
    void aCallWithTwoParameters() {
        complains(TwoParameters.class, "has 2 parameters", "Give it one parameter, the key");
    }

    static class ReturnsAFlux {
        @MicroBatched(batchMethod = "findAll")
        public Flux<String> find(Long id) {
            return Flux.empty();
        }

        public List<String> findAll(List<Long> ids) {
            return List.of();
        }
    }

    @Test
    void aCallWithManyAnswers() {
        complains(ReturnsAFlux.class, "Flux", "let it return one answer");
    }

    static class FinalMethod {
        @MicroBatched(batchMethod = "findAll")
        public final String find(Long id) {
            return "";
        }

        public List<String> findAll(List<Long> ids) {
            return List.of();
        }
    }

    @Test
    void aFinalMethod() {
        complains(FinalMethod.class, "is final", "Remove 'final'");
    }

    static final class FinalClass {
        @MicroBatched(batchMethod = "findAll")
        public String find(Long id) {
            return "";
        }

        public List<String> findAll(List<Long> ids) {
            return List.of();
        }
    }

    @Test
    void aFinalClass() {
        complains(FinalClass.class, "is in a final class", "Remove 'final' from");
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable"})
    static class PrivateMethod {
        @MicroBatched(batchMethod = "findAll")
        private String find(Long id) {
            return "";
        }

        public List<String> findAll(List<Long> ids) {
            return List.of();
        }
    }

    @Test
    void aPrivateMethod() {
        complains(PrivateMethod.class, "is private or static");
    }

    @SuppressWarnings({"UnusedMethod", "UnusedVariable"})
    static class PrivateBatchMethod {
        @MicroBatched(batchMethod = "findAll")
        public String find(Long id) {
            return "";
        }

        private List<String> findAll(List<Long> ids) {
            return List.of();
        }
    }

    @Test
    void aPrivateBatchMethod() {
        complains(PrivateBatchMethod.class, "is private, static or final, so that it cannot be called through");
    }

    // ---------------------------------------------------------------- self-invocation

    static class CallsItself {
        @MicroBatched(batchMethod = "findAll")
        public String find(Long id) {
            return "";
        }

        public List<String> findAll(List<Long> ids) {
            return List.of();
        }

        public String greet(Long id) {
            return "Hello, " + find(id);
        }
    }

    @Test
    void aCallOnTheSameObject() {
        complains(
                CallsItself.class,
                "is called by greet of the same object",
                "goes past the proxy",
                "Call findAll there");
    }

    static class CallsItselfInALambda {
        @MicroBatched(batchMethod = "findAll")
        public String find(Long id) {
            return "";
        }

        public List<String> findAll(List<Long> ids) {
            return List.of();
        }

        public List<String> each(List<Long> ids) {
            return ids.stream().map(id -> find(id) + "!").toList();
        }
    }

    @Test
    void aCallOnTheSameObjectInALambda() {
        complains(CallsItselfInALambda.class, "is called by each of the same object");
    }

    static class RefersToItself {
        @MicroBatched(batchMethod = "findAll")
        public String find(Long id) {
            return "";
        }

        public List<String> findAll(List<Long> ids) {
            return List.of();
        }

        public List<String> each(List<Long> ids) {
            return ids.stream().map(this::find).toList();
        }
    }

    @Test
    void aReferenceToAMethodOfTheSameObject() {
        complains(RefersToItself.class, "is called by each of the same object");
    }

    static class KnowsItsProxy {
        private KnowsItsProxy self = this;

        @MicroBatched(batchMethod = "findAll")
        public String find(Long id) {
            return "";
        }

        public List<String> findAll(List<Long> ids) {
            return List.of();
        }

        public String greet(Long id) {
            return "Hello, " + self.find(id);
        }
    }

    static class CalledOnOthers {
        static final BiFunction<CalledOnOthers, Long, String> FIND = CalledOnOthers::find;

        @MicroBatched(batchMethod = "findAll")
        public String find(Long id) {
            return "";
        }

        public List<String> findAll(List<Long> ids) {
            return List.of();
        }
    }

    @Test
    void aCallThatMayBeOnAnotherObjectIsNoReasonToComplain() {
        starts(KnowsItsProxy.class);
        starts(CalledOnOthers.class);
    }

    // ---------------------------------------------------------------- transactions, scopes, names, options

    @Transactional(readOnly = true)
    static class InATransaction {
        @MicroBatched(batchMethod = "findAll")
        public String find(Long id) {
            return "";
        }

        public List<String> findAll(List<Long> ids) {
            return List.of();
        }
    }

    @Transactional(readOnly = true)
    static class OutsideOfTheTransaction {
        @MicroBatched(batchMethod = "findAll")
        @Transactional(propagation = Propagation.NOT_SUPPORTED)
        public String find(Long id) {
            return "";
        }

        public List<String> findAll(List<Long> ids) {
            return List.of();
        }
    }

    @Test
    void aCallInATransaction() {
        complains(InATransaction.class, "runs in a transaction (REQUIRED)", "Put @Transactional on findAll instead");
        starts(OutsideOfTheTransaction.class);
    }

    @Test
    void aBeanThatIsNoSingleton() {
        Contexts.with()
                .withInitializer(context -> ((org.springframework.context.support.GenericApplicationContext) context)
                        .registerBean("each", NoAnswersWanted.class, definition -> definition.setScope("prototype")))
                .run(context -> org.assertj.core.api.Assertions.assertThatThrownBy(() -> context.getBean("each"))
                        .hasRootCauseInstanceOf(ConfigurationFault.class)
                        .rootCause()
                        .hasMessageContaining("is no singleton"));
    }

    static class NoAnswersWanted {
        @MicroBatched(batchMethod = "saveAll")
        public void save(Long id) {}

        public void saveAll(List<Long> ids) {}
    }

    static class SameNames {
        @MicroBatched(batchMethod = "findAll", name = "same")
        public String find(Long id) {
            return "";
        }

        @MicroBatched(batchMethod = "findAll", name = "same")
        public String get(Long id) {
            return "";
        }

        public List<String> findAll(List<Long> ids) {
            return List.of();
        }
    }

    @Test
    void twoBatchersOfOneName() {
        Contexts.with(SameNames.class)
                .run(context -> assertThat(Contexts.fault(context.getStartupFailure()))
                        .hasMessageContaining("two batchers have the name 'same'"));
    }

    static class BadOptions {
        @MicroBatched(batchMethod = "findAll", batchSize = -2)
        public String find(Long id) {
            return "";
        }

        public List<String> findAll(List<Long> ids) {
            return List.of();
        }
    }

    static class NoDuration {
        @MicroBatched(batchMethod = "findAll", batchCycle = "soon")
        public String find(Long id) {
            return "";
        }

        public List<String> findAll(List<Long> ids) {
            return List.of();
        }
    }

    @Test
    void anOptionOutOfRange() {
        complains(BadOptions.class, ".find: batchSize is '-2'", "1 or more, but was -2");
        complains(NoDuration.class, ".find: batchCycle is 'soon', which is not a duration");
    }
}
