package io.microbatcher.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher does before it builds anything: a build inside of a build is no test. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {
    private static final Path LAUNCHER = Path.of("..", "microbatcher").toAbsolutePath();

    @TempDir
    private Path temporary;

    @Test
    void itIsAShellScriptWithoutSyntaxErrorsThatMayBeExecuted() throws Exception {
        assertThat(LAUNCHER).isExecutable();

        assertThat(run(Map.of(), "sh", "-n", LAUNCHER.toString())).isEqualTo(new Ended(0, ""));
    }

    @Test
    void aJavaHomeWithoutJavaIsNamed() throws Exception {
        Ended ended = run(Map.of("JAVA_HOME", temporary.toString()), LAUNCHER.toString(), "--help");

        assertThat(ended)
                .isEqualTo(
                        new Ended(1, "microbatcher: JAVA_HOME is " + temporary + ", but there is no bin/java in it\n"));
    }

    @Test
    void aJavaThatIsTooOldIsNamedWithItsVersion() throws Exception {
        Path java = fakeJava("openjdk version \"11.0.2\" 2019-01-15");

        Ended ended = run(Map.of("JAVA_HOME", temporary.toString()), LAUNCHER.toString(), "--help");

        assertThat(ended.code).isEqualTo(1);
        assertThat(ended.output).contains("needs Java 17 or newer", java.toString(), "11.0.2");
    }

    @Test
    void aJavaFromBeforeTheVersionsWereRenumberedIsTooOld() throws Exception {
        fakeJava("java version \"1.8.0_202\"");

        Ended ended = run(Map.of("JAVA_HOME", temporary.toString()), LAUNCHER.toString(), "--help");

        assertThat(ended.code).isEqualTo(1);
        assertThat(ended.output).contains("needs Java 17 or newer", "1.8.0_202");
    }

    @Test
    void throughALinkItFindsItsWayHome() throws Exception {
        fakeJava("openjdk version \"11.0.2\" 2019-01-15");
        Path folder = Files.createDirectory(temporary.resolve("a folder"));
        Path link = Files.createSymbolicLink(folder.resolve("direct"), LAUNCHER);
        Path linkToTheLink = Files.createSymbolicLink(folder.resolve("mb"), link.getFileName());

        Ended ended = run(Map.of("JAVA_HOME", temporary.toString()), linkToTheLink.toString(), "--help");

        assertThat(ended.output).contains("needs Java 17 or newer").doesNotContain("cannot");
        Files.delete(link); // it leads out of the temporary folder, and JUnit would warn
    }

    private Path fakeJava(String version) throws IOException {
        Path java = Files.createDirectory(temporary.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho '" + version + "' >&2\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return java;
    }

    private record Ended(int code, String output) {}

    private static Ended run(Map<String, String> environment, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command))).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(30, SECONDS)).isTrue();
        return new Ended(process.exitValue(), output);
    }
}
