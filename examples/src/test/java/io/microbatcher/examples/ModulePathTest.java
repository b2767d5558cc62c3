package io.microbatcher.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.MicroBatcher;
import io.microbatcher.contextpropagation.SnapshotCarrier;
import io.microbatcher.test.VirtualTime;
import io.micrometer.context.ContextSnapshot;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The published artifacts as modules: a program that requires them compiles against them and runs on them. */
class ModulePathTest {
    private static final String MODULE = """
            module app {
                requires io.microbatcher;
                requires io.microbatcher.test;
            }
            """;

    private static final String MAIN = """
            package app;

            import io.microbatcher.MicroBatcher;
            import io.microbatcher.test.VirtualTime;
            import java.time.Duration;
            import java.util.List;

            public class Main {
                public static void main(String[] args) {
                    VirtualTime time = new VirtualTime();
                    try (MicroBatcher<Integer, Integer> batcher = MicroBatcher
                            .builder((List<Integer> jobs) -> jobs.stream().map(n -> n * 2).toList())
                            .timer(time)
                            .build()) {
                        var answer = batcher.submit(21);
                        time.advance(Duration.ofMillis(5));
                        System.out.println(answer.join() + " from " + MicroBatcher.class.getModule()
                                + " and " + VirtualTime.class.getModule());
                    }
                }
            }
            """;

    private static final String CONTEXT_MODULE = """
            module app {
                requires io.microbatcher.contextpropagation;
            }
            """;

    private static final String CONTEXT_MAIN = """
            package app;

            import io.micrometer.context.ContextRegistry;
            import io.microbatcher.MicroBatcher;
            import io.microbatcher.contextpropagation.SnapshotCarrier;
            import java.util.List;

            public class Main {
                public static void main(String[] args) {
                    ThreadLocal<String> user = new ThreadLocal<>();
                    ContextRegistry.getInstance().registerThreadLocalAccessor("user", user);
                    try (MicroBatcher<Integer, Integer> batcher = MicroBatcher
                            .builder((List<Integer> jobs) -> jobs)
                            .context(new SnapshotCarrier())
                            .build()) {
                        user.set("alice");
                        System.out.println(batcher.submit(1).thenApply(result -> user.get()).join()
                                + " from " + SnapshotCarrier.class.getModule());
                    }
                }
            }
            """;

    @TempDir
    Path directory;

    @Test
    void aModularProgramCompilesAndRuns() throws Exception {
        Path sources = Files.createDirectories(directory.resolve("src/app"));
        Path classes = directory.resolve("classes");
        Path module = Files.writeString(directory.resolve("src/module-info.java"), MODULE);
        Path main = Files.writeString(sources.resolve("Main.java"), MAIN);

        String published = pathOf(MicroBatcher.class, VirtualTime.class);
        assertThat(Program.compile(List.of(module, main), "-p", published, "-d", classes.toString()))
                .isEmpty();
        String toRun = published + File.pathSeparator + classes;
        assertThat(Program.run("-p", toRun, "-m", "app/app.Main"))
                .isEqualTo("42 from module io.microbatcher and module io.microbatcher.test");
    }

    @Test
    void theCarrierOfContextsIsAModuleThatPassesOnWhatItsUsersName() throws Exception {
        Path sources = Files.createDirectories(directory.resolve("src/app"));
        Path classes = directory.resolve("classes");
        Path module = Files.writeString(directory.resolve("src/module-info.java"), CONTEXT_MODULE);
        Path main = Files.writeString(sources.resolve("Main.java"), CONTEXT_MAIN);

        String published = pathOf(MicroBatcher.class, SnapshotCarrier.class, ContextSnapshot.class);
        assertThat(Program.compile(List.of(module, main), "-p", published, "-d", classes.toString()))
                .isEmpty();
        String toRun = published + File.pathSeparator + classes;
        assertThat(Program.run("-p", toRun, "-m", "app/app.Main"))
                .isEqualTo("alice from module io.microbatcher.contextpropagation");
    }

    private static String pathOf(Class<?>... types) throws URISyntaxException {
        StringBuilder path = new StringBuilder();
        for (Class<?> type : types) {
            Path home = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
            path.append(path.isEmpty() ? "" : File.pathSeparator).append(home);
        }
        return path.toString();
    }
}
