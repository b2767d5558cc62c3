package io.microbatcher.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnJre;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** What docs/recipes.md says of a {@code StructuredTaskScope}, which is a preview: another program, compiled by this JDK. */
@Timeout(120)
class StructuredTaskScopeTest {
    private static final Path SOURCE =
            Path.of("src/test/java25/io/microbatcher/examples/StructuredTaskScopeExample.java");

    @TempDir
    Path classes;

    @Test
    @EnabledOnJre(value = JRE.JAVA_25, disabledReason = "each Java version has another preview of StructuredTaskScope")
    void whenOneSubtaskFailsTheOthersJobIsTakenBack() throws Exception {
        String tests = System.getProperty("java.class.path");
        assertThat(Program.compile(
                        List.of(SOURCE), "--enable-preview", "--release", "25", "-cp", tests, "-d", classes.toString()))
                .doesNotContain("error:");
        String toRun = classes + java.io.File.pathSeparator + tests;
        assertThat(Program.run("--enable-preview", "-cp", toRun, "io.microbatcher.examples.StructuredTaskScopeExample")
                        .lines())
                .containsExactly("worth 90000", "FailedException of a JobFailedException", "taken back");
    }
}
