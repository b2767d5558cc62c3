package io.microbatcher.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires.Modifier;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the published artifacts show to their users, and nothing else. A new public type is a decision: it is added here. */
class PublicSurfaceTest {
    @Test
    void theCoreShowsTheseTypesAndNoOther() {
        assertThat(visibleTypes(Sources.CORE_CLASSES))
                .containsExactlyInAnyOrder(
                        "BatchListener",
                        "BatchListener$BatchInfo",
                        "BatchProcessor",
                        "BatchProcessor$Answers",
                        "BatchProcessor$Call",
                        "BatchProcessor$Sink",
                        "BatchProcessor$Streaming",
                        "BatcherClosedException",
                        "BatcherFullException",
                        "BatcherStats",
                        "Coalescing",
                        "ContextCarrier",
                        "ContextCarrier$Scope",
                        "DispatchPolicy",
                        "DispatchReason",
                        "Job",
                        "JobContexts",
                        "JobFailedException",
                        "JobOutcome",
                        "JobResult",
                        "MicroBatcher",
                        "MicroBatcher$Builder",
                        "MissingResultException",
                        "OverflowPolicy",
                        "ResultChannel",
                        "ResultChannel$Result",
                        "RetryPolicy",
                        "Timer");
    }

    @Test
    void theTestModuleShowsTheseTypesAndNoOther() {
        assertThat(visibleTypes(Sources.TEST_CLASSES)).containsExactlyInAnyOrder("ManualExecutor", "VirtualTime");
    }

    @Test
    void theJdbcModuleShowsTheseTypesAndNoOther() {
        assertThat(visibleTypes(Sources.JDBC_CLASSES))
                .containsExactlyInAnyOrder(
                        "InsertBatch", "JdbcBatch", "JdbcBatch$Binder", "JdbcBatch$RowMapper", "KeyedBatch");
    }

    @Test
    void theModulesForMetersAndSpansShowTheseTypesAndNoOther() {
        assertThat(visibleTypes(Sources.MICROMETER_CLASSES)).containsExactlyInAnyOrder("BatcherMeters");
        assertThat(visibleTypes(Sources.OPENTELEMETRY_CLASSES)).containsExactlyInAnyOrder("BatchSpans", "SpanCarrier");
    }

    @Test
    void nobodyOutsideMakesABatcherExceptByItsBuilder() {
        assertThat(Sources.CORE_CLASSES.get("io.microbatcher.MicroBatcher").getConstructors())
                .allMatch(constructor -> constructor.getModifiers().contains(JavaModifier.PRIVATE));
        assertThat(Sources.CORE_CLASSES
                        .get("io.microbatcher.MicroBatcher$Builder")
                        .getConstructors())
                .allMatch(constructor -> constructor.getModifiers().contains(JavaModifier.PRIVATE));
    }

    @Test
    void theCoreIsAModuleThatExportsItsOnePackageAndRequiresTheJdkAlone() throws IOException {
        ModuleDescriptor core = descriptor("io/microbatcher/MicroBatcher.class");
        assertThat(core.name()).isEqualTo("io.microbatcher");
        assertThat(exports(core)).containsExactly("io.microbatcher");
        assertThat(requiredAtRunTime(core)).containsExactlyInAnyOrder("java.base", "jdk.jfr");
    }

    @Test
    void theTestModuleExportsItsOnePackageAndPassesTheCoreOn() throws IOException {
        ModuleDescriptor test = descriptor("io/microbatcher/test/VirtualTime.class");
        assertThat(test.name()).isEqualTo("io.microbatcher.test");
        assertThat(exports(test)).containsExactly("io.microbatcher.test");
        assertThat(requiredAtRunTime(test)).containsExactlyInAnyOrder("java.base", "io.microbatcher");
        Optional<ModuleDescriptor.Requires> onCore = test.requires().stream()
                .filter(required -> required.name().equals("io.microbatcher"))
                .findFirst();
        assertThat(onCore)
                .hasValueSatisfying(required -> assertThat(required.modifiers()).contains(Modifier.TRANSITIVE));
    }

    @Test
    void theJdbcModuleExportsItsOnePackageAndPassesTheCoreAndSqlOn() throws IOException {
        ModuleDescriptor jdbc = descriptor("io/microbatcher/jdbc/JdbcBatch.class");
        assertThat(jdbc.name()).isEqualTo("io.microbatcher.jdbc");
        assertThat(exports(jdbc)).containsExactly("io.microbatcher.jdbc");
        assertThat(requiredAtRunTime(jdbc)).containsExactlyInAnyOrder("java.base", "java.sql", "io.microbatcher");
        assertThat(jdbc.requires())
                .filteredOn(required -> Set.of("java.sql", "io.microbatcher").contains(required.name()))
                .allSatisfy(required -> assertThat(required.modifiers()).contains(Modifier.TRANSITIVE));
    }

    private static List<String> visibleTypes(JavaClasses classes) {
        return classes.stream()
                .filter(PublicSurfaceTest::isVisible)
                .map(type -> type.getName().substring(type.getPackageName().length() + 1))
                .toList();
    }

    private static boolean isVisible(JavaClass type) {
        Set<JavaModifier> modifiers = type.getModifiers();
        return (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED))
                && type.getEnclosingClass().map(PublicSurfaceTest::isVisible).orElse(true);
    }

    private static List<String> exports(ModuleDescriptor module) {
        assertThat(module.isOpen()).isFalse();
        assertThat(module.opens()).isEmpty();
        return module.exports().stream()
                .filter(export -> !export.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .toList();
    }

    private static Stream<String> requiredAtRunTime(ModuleDescriptor module) {
        return module.requires().stream()
                .filter(required -> !required.modifiers().contains(Modifier.STATIC))
                .map(ModuleDescriptor.Requires::name);
    }

    /** Reads the descriptor that lies beside a class; other modules on the class path have one of the same name. */
    private static ModuleDescriptor descriptor(String besides) throws IOException {
        ClassLoader loader = PublicSurfaceTest.class.getClassLoader();
        String found =
                Objects.requireNonNull(loader.getResource(besides), besides).toString();
        String descriptor = found.substring(0, found.length() - besides.length()) + "module-info.class";
        try (InputStream in = URI.create(descriptor).toURL().openStream()) {
            return ModuleDescriptor.read(in);
        }
    }
}
