package io.microbatcher.cli.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Jazzer makes inputs up, from the seeds and from what they reach in the code. The build has it make as many each time,
 * from the same beginning; {@code ./fuzz} lets it go on for as long as it is told.
 *
 * <p>{@code -Dfuzz.minutes} for each harness, {@code -Dfuzz.only} names one, {@code -Dfuzz.seed} another beginning.
 */
@EnabledOnOs({OS.LINUX, OS.MAC})
@Tag("fuzzing") // the build does it on one JDK
class FuzzingTest {
    private static final double MINUTES = Double.parseDouble(System.getProperty("fuzz.minutes", "0"));
    private static final String SEED = System.getProperty("fuzz.seed", "1");
    private static final String ONLY = System.getProperty("fuzz.only", "");

    /** What the fuzzer may take for starting, beyond its time. */
    private static final long PATIENCE_SECONDS = 300;

    @ParameterizedTest
    @EnumSource
    void noInputDoesHarm(Harness harness) throws Exception {
        String name = harness.name().toLowerCase(Locale.ROOT).replace('_', '-');
        if (!ONLY.isEmpty() && !ONLY.equals(name)) {
            return;
        }
        Path home = Files.createDirectories(Path.of("target/fuzz", name));
        if (MINUTES == 0) {
            forget(home.resolve("found")); // what earlier runs have found leads elsewhere
        }
        Path log = home.resolve("log.txt");
        Process process = new ProcessBuilder(command(harness, home))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor((long) (MINUTES * 60) + PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("the fuzzer ends, see " + log)
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue())
                .as("an input in " + home + " does harm; put it into " + harness.directory() + "\n" + end(log))
                .isZero();
        assertThat(Files.readString(log)).contains("DONE");
    }

    private static List<String> command(Harness harness, Path home) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(
                java,
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=" + (MINUTES == 0 ? 1 : 4), // a short run is over before C2 is of use
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:+EnableDynamicAgentLoading",
                "-Djdk.attach.allowAttachSelf=true",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + harness.type,
                "--instrumentation_includes=io.microbatcher.cli.**",
                "--reproducer_path=" + home,
                "-artifact_prefix=" + home + "/",
                "-seed=" + SEED,
                "-max_len=2000",
                "-timeout=20",
                "-rss_limit_mb=0"));
        command.add(
                MINUTES == 0 ? "-runs=" + harness.shortRuns : "-max_total_time=" + Math.max(1, (long) (MINUTES * 60)));
        command.add(Files.createDirectories(home.resolve("found")).toString());
        command.add(harness.directory().toString());
        return command;
    }

    private static void forget(Path found) throws IOException {
        if (Files.exists(found)) {
            try (Stream<Path> inputs = Files.list(found)) {
                for (Path input : inputs.toList()) {
                    Files.delete(input);
                }
            }
        }
    }

    private static String end(Path log) throws IOException {
        String text = Files.readString(log);
        return text.substring(Math.max(0, text.length() - 6_000));
    }
}
