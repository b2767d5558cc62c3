package io.microbatcher.publication;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ./api-diff} in a small repository of its own: git and japicmp are real, Maven is a script that calls javac and jar. */
@Timeout(300)
class ApiDiffTest {
    private static final String GREETING = """
            public class Greeting {
                public String hello() { return "hello"; }
                public String bye() { return "bye"; }
            }
            """;

    private static final String MAVEN = """
            #!/bin/sh
            set -eu
            for argument; do
                case $argument in
                    -DoutputDirectory=*) mkdir -p "${argument#*=}"; cp $TOOLS "${argument#*=}"; exit ;;
                esac
            done
            for module in $(sed -n 's/.*<module>\\(.*\\)<.*/\\1/p' pom.xml); do
                [ -d "$module/src" ] || continue
                version=$(sed -n 's/^  <version>\\(.*\\)<.*/\\1/p' pom.xml)
                jar=$module/target/microbatcher-$module-$version.jar
                mkdir -p "$module/target/classes"
                "$JAVA_HOME/bin/javac" $HASTE --release 17 -d "$module/target/classes" "$module"/src/*.java
                "$JAVA_HOME/bin/jar" $HASTE --create --file "$jar" -C "$module/target/classes" .
                echo "no jar" > "${jar%.jar}-sources.jar"
            done
            """;

    @TempDir
    private Path folder;

    private Path repository;

    @BeforeEach
    void makeARepository() throws Exception {
        repository = Files.createDirectory(folder.resolve("repository"));
        for (String script : List.of("api-diff", "jdks.sh", "published.sh")) {
            Files.copy(Pom.ROOT.resolve(script), repository.resolve(script));
        }
        Path maven =
                Files.writeString(Files.createDirectory(folder.resolve("bin")).resolve("mvn"), MAVEN);
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        Files.writeString(repository.resolve(".gitignore"), "target\n");
        for (String module : List.of("bom", "core", "more")) {
            Files.writeString(
                    Files.createDirectory(repository.resolve(module)).resolve("pom.xml"),
                    "<maven.deploy.skip>false</maven.deploy.skip>\n");
        }
        source("core", "Greeting", GREETING);
        source("more", "More", "public class More {}\n");
        run("git", "init", "--quiet");
    }

    private void modules(String version, String... modules) throws IOException {
        StringBuilder pom = new StringBuilder("<project>\n  <version>" + version + "</version>\n");
        for (String module : modules) {
            pom.append("<module>").append(module).append("</module>\n");
        }
        Files.writeString(repository.resolve("pom.xml"), pom);
    }

    private void source(String module, String type, String source) throws IOException {
        Path sources = Files.createDirectories(repository.resolve(module).resolve("src"));
        Files.writeString(sources.resolve(type + ".java"), source);
    }

    private void release(String version, String... modules) throws Exception {
        modules(version, modules);
        run("git", "add", "--all");
        run("git", "commit", "--quiet", "--message", "a release");
        run("git", "tag", "v" + version);
    }

    @Test
    void withoutATagThereIsNothingToCompareWith() throws Exception {
        assertThat(apiDiff()).isEqualTo(new Ended(0, "api-diff: there is no tag yet, so nothing to compare with.\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "0.1.0, 0.1.1-SNAPSHOT, is not allowed",
        "0.1.0, 0.2.0-SNAPSHOT, is allowed",
        "1.2.0, 1.3.0-SNAPSHOT, is not allowed",
        "1.2.0, 2.0.0-SNAPSHOT, is allowed"
    })
    void aMethodThatIsGoneNeedsAVersionThatSaysSo(String before, String now, String verdict) throws Exception {
        release(before, "core");
        modules(now, "core");
        source("core", "Greeting", GREETING.replace("bye", "farewell"));

        Ended ended = apiDiff();

        assertThat(ended.output())
                .contains("Broken: microbatcher-core. From " + before + " to " + now.replace("-SNAPSHOT", "") + " that "
                        + verdict);
        assertThat(ended.code()).as(ended.output()).isEqualTo(verdict.equals("is allowed") ? 0 : 1);
        assertThat(repository.resolve("target/api-diff/microbatcher-core.txt"))
                .content()
                .contains("bye");
    }

    @Test
    void whatIsNewBreaksNothingAndWhatNobodySeesIsNoChange() throws Exception {
        release("0.1.0", "bom", "core", "more"); // the first has no jar
        source(
                "core",
                "Greeting",
                GREETING.replaceFirst("(?m)^}", "    public String farewell() { return bye(); }\n}"));
        source("more", "More", "public class More { private int hidden; }\n");

        assertThat(apiDiff()).isEqualTo(new Ended(0, """
                        Comparing 0.1.0 with 0.1.0, built from the tag v0.1.0
                        microbatcher-core has changes, and breaks nothing.
                        microbatcher-more is as it was.
                        Nothing is broken.
                        """));
    }

    @Test
    void aModuleThatIsNotPublishedAnyMoreIsBroken() throws Exception {
        release("0.1.0", "core", "more");
        modules("0.1.0", "core");

        Ended ended = apiDiff();

        assertThat(ended.output()).contains("microbatcher-more is not published any more.", "that is not allowed");
        assertThat(ended.code()).isEqualTo(1);
    }

    private record Ended(int code, String output) {}

    private Ended apiDiff() throws Exception {
        return ended("sh", "api-diff");
    }

    private void run(String... command) throws Exception {
        assertThat(ended(command)).isEqualTo(new Ended(0, ""));
    }

    private Ended ended(String... command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(repository.toFile()).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("GIT_"));
        for (String who : List.of("AUTHOR", "COMMITTER")) {
            environment.put("GIT_" + who + "_NAME", "a test");
            environment.put("GIT_" + who + "_EMAIL", "test@example.org");
        }
        environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("PATH", folder.resolve("bin") + File.pathSeparator + environment.get("PATH"));
        environment.put("TOOLS", tools());
        environment.put("HASTE", "-J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), output);
    }

    /** The jars that this test runs with: japicmp, and what it needs. */
    private static String tools() {
        return String.join(
                " ",
                List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
                        .filter(entry -> entry.endsWith(".jar"))
                        .toList());
    }
}
