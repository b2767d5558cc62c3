package io.microbatcher.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.library.GeneralCodingRules;
import io.microbatcher.BatchListener;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Lock;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the parts of the core may know each other, and what it may use of the platform. */
class ArchitectureTest {
    /** Records of users need not be public. */
    private static final String OPENS_RECORDS = "jdbc/src/main/java/io/microbatcher/jdbc/RecordColumns.java";

    private static final JavaClasses CORE = Sources.CORE_CLASSES;

    @Test
    void theCoreUsesTheJdkAndNullnessAnnotationsAlone() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.microbatcher",
                        "org.jspecify.annotations",
                        "jdk.jfr",
                        "java.io",
                        "java.lang..",
                        "java.time..",
                        "java.util..")
                .check(CORE);
    }

    @Test
    void theModulesOnTopOfTheCoreUseItsPublicTypesAlone() {
        for (JavaClasses module : List.of(Sources.TEST_CLASSES, Sources.JDBC_CLASSES)) {
            classes()
                    .should()
                    .onlyDependOnClassesThat(describe(
                            "are public in the core, its own, or the JDK's", ArchitectureTest::isOpenToModules))
                    .check(module);
        }
    }

    private static boolean isOpenToModules(JavaClass used) {
        boolean published = used.getModifiers().contains(JavaModifier.PUBLIC);
        String home = used.getBaseComponentType().getPackageName();
        return switch (home) {
            case "io.microbatcher" -> published;
            case "io.microbatcher.test", "io.microbatcher.jdbc", "org.jspecify.annotations", "" ->
                true; // the nameless one holds int and void
            default -> home.startsWith("java.") || home.startsWith("javax.sql");
        };
    }

    /** Whoever moved into the package of the core would see its insides. The compiler keeps everybody else out. */
    @ParameterizedTest
    @MethodSource("modulesOnTopOfTheCore")
    void noOtherModuleMovesIntoThePackageOfTheCore(String module) {
        assertThat(Sources.code(module))
                .allSatisfy((file, code) -> assertThat(code)
                        .as(file)
                        .doesNotContainPattern("\\bpackage io\\.microbatcher;")
                        .doesNotContainPattern(
                                file.equals(OPENS_RECORDS)
                                        ? "\\bprivateLookupIn\\b"
                                        : "\\bsetAccessible\\b|\\bprivateLookupIn\\b"));
    }

    /** What is never run by users need not be checked for nulls. */
    static List<String> modulesThatUsersRun() {
        return modules().stream().filter(module -> !module.equals("benchmarks")).toList();
    }

    @ParameterizedTest
    @MethodSource("modulesThatUsersRun")
    void everyPackageIsNullMarkedOrNullAwayWouldNotLookAtIt(String module) {
        Map<String, String> code = Sources.code(module);
        Set<String> packages = code.keySet().stream()
                .filter(file -> !file.endsWith("module-info.java"))
                .map(file -> file.substring(0, file.lastIndexOf('/')))
                .collect(Collectors.toSet());
        assertThat(packages)
                .isNotEmpty()
                .allSatisfy(directory -> assertThat(code.get(directory + "/package-info.java"))
                        .as(directory)
                        .contains("@NullMarked"));
    }

    static List<String> modules() {
        return Sources.modules();
    }

    static List<String> modulesOnTopOfTheCore() {
        return modules().stream().filter(module -> !module.equals("core")).toList();
    }

    @Test
    void nothingInTheCoreIsSynchronizedBecauseThatPinsVirtualThreads() {
        Map<String, String> core = Sources.code("core");
        assertThat(core)
                .hasSizeGreaterThan(30)
                .allSatisfy((file, code) -> assertThat(code).as(file).doesNotContainPattern("\\bsynchronized\\b"));
        noClasses()
                .should()
                .callMethodWhere(target(owner(name(Object.class.getName())))
                        .and(target(describe(
                                "is wait or notify",
                                method -> Pattern.matches("wait|notify|notifyAll", method.getName())))))
                .check(CORE);
    }

    @Test
    void theCoreWritesToNoStandardStreamAndNoLoggingLibrary() {
        GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CORE);
        GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(CORE);
    }

    @Test
    void theCoreUsesNeitherAJavaUtilTimerNorUnsafe() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.util\\.Timer(Task)?|(jdk\\.internal|sun)\\..*")
                .check(CORE);
    }

    // ---------------------------------------------------------------- each foreign thing has one door

    @Test
    void onlyTheWatchCallsAListener() {
        onlyTheseCall(BatchListener.class, "Watch");
    }

    @Test
    void onlyTheContextsCallACarrier() {
        onlyTheseCall("io.microbatcher.ContextCarrier", "Contexts");
    }

    @Test
    void onlyTheStarterUsesTheExecutor() {
        onlyTheseCall(Executor.class, "Starter", "PendingJob"); // PendingJob as every future: completeAsync
    }

    @Test
    void onlyTheProcessorFormsCallTheProcessor() {
        onlyTheseCall(
                "io.microbatcher.BatchProcessor", "BatchProcessor", "ByPosition"); // its factories call each other
        onlyTheseCall("io.microbatcher.BatchProcessor$Call", "Async", "ById", "ByKey");
        onlyTheseCall("io.microbatcher.BatchProcessor$Streaming", "Streamed");
        onlyTheseCall("io.microbatcher.BatchProcessor$Sink", "Sunk");
    }

    @Test
    void onlyTheAcceptorWeighs() {
        onlyTheseCall("java.util.function.ToLongFunction", "Acceptor");
    }

    @Test
    void onlyTheBoardAndTheLeavesHaveALock() {
        noClasses()
                .that(areNot("Board", "ChannelQueue", "Streamed"))
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Lock.class)
                .check(CORE);
    }

    /** A virtual thread that yields may have its carrier back at once, for ever, and the one that it waits for never. */
    @Test
    void whoWaitsForAnotherThreadParks() {
        noClasses().should().callMethod(Thread.class, "yield").check(CORE);
        noClasses()
                .that(areNot("Worker")) // which lingers, for a moment and no longer
                .should()
                .callMethod(Thread.class, "onSpinWait")
                .check(CORE);
    }

    @Test
    void onlyTheTimerAndTheWaitOfABlockedCallerReadTheClockOfTheMachine() {
        noClasses()
                .that(areNot("SharedTimer", "Patience"))
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CORE);
    }

    @Test
    void onlyTwoFilesMakeThreads() {
        noClasses()
                .that(areNot("SharedTimer", "Threads"))
                .should()
                .callConstructorWhere(target(owner(JavaClass.Predicates.assignableTo(Thread.class))))
                .check(CORE);
    }

    // ---------------------------------------------------------------- the parts that decide know nothing of those that
    // act

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Trigger",
                "Slots",
                "Admission",
                "Books",
                "LingerCheck",
                "DispatchPolicy",
                "Observed",
                "SlotLimit",
                "Deadlines"
            })
    void whoDecidesOrCountsCallsNeitherDispatcherNorBoard(String decider) {
        noClasses()
                .that(are(decider))
                .should()
                .dependOnClassesThat(are(
                        "Dispatcher", "Completion", "Board", "Lookout", "Closing", "Starter", "Aftermath", "Acceptor"))
                .check(CORE);
    }

    @Test
    void theTriggerKnowsNothingOfSlots() {
        noClasses()
                .that(are("Trigger"))
                .should()
                .dependOnClassesThat(are("Slots", "Worker"))
                .check(CORE);
    }

    @Test
    void onlyTheClientSideAcceptsJobs() {
        noClasses()
                .that(areNot("MicroBatcher", "ResultChannel", "Acceptor"))
                .should()
                .dependOnClassesThat(are("Acceptor"))
                .check(CORE);
    }

    private static void onlyTheseCall(Class<?> foreign, String... doors) {
        onlyTheseCall(foreign.getName(), doors);
    }

    private static void onlyTheseCall(String foreign, String... doors) {
        assertThat(CORE.stream().flatMap(type -> type.getAccessesFromSelf().stream()))
                .filteredOn(access -> access.getTargetOwner().getName().equals(foreign))
                .extracting(access -> topLevel(access.getOriginOwner()).getSimpleName())
                .as("who calls " + foreign)
                .containsOnly(doors);
    }

    /** The named top-level classes of the core and what is nested in them. */
    private static DescribedPredicate<JavaClass> are(String... names) {
        List<JavaClass> types = Arrays.stream(names)
                .map(each -> CORE.get("io.microbatcher." + each))
                .toList();
        return describe("are " + String.join(", ", names), type -> types.contains(topLevel(type)));
    }

    private static DescribedPredicate<JavaClass> areNot(String... names) {
        return DescribedPredicate.not(are(names));
    }

    private static JavaClass topLevel(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer;
    }
}
