package io.microbatcher.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.microbatcher.AdmissionModel;
import io.microbatcher.ChannelModel;
import io.microbatcher.LaneModel;
import io.microbatcher.LanesModel;
import io.microbatcher.ModelCheck;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The parts that threads share without a lock, or as a lock of their own: Lincheck enumerates their interleavings. */
class ModelCheckingTest {

    @Test
    void everyInterleavingIsLikeSomeOrder() throws Exception {
        assertThat(check(
                        BrokenCore.classPath(),
                        4,
                        100,
                        AdmissionModel.class,
                        LaneModel.class,
                        LanesModel.class,
                        ChannelModel.class))
                .isEmpty();
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                // a job is counted although the word has changed since it was looked at
                arguments(
                        AdmissionModel.class,
                        "Admission.java",
                        "if (word.compareAndSet(WORD, seen, seen + ONE_WAITING_AND_PENDING)) {",
                        "if (word.addAndGet(WORD, ONE_WAITING_AND_PENDING) != 0) {"),
                // a producer overwrites what another has pushed
                arguments(
                        LaneModel.class,
                        "Intake.java",
                        "} while (!top.weakCompareAndSetVolatile(TOP, seen, job));",
                        "} while (top.getAndSet(TOP, job) == job);"),
                // a lane vanishes although it was claimed again
                arguments(
                        LanesModel.class,
                        "KeyedPlace.java",
                        "== 1 && CLAIMS.compareAndSet(this, 0, VANISHED);",
                        "== 1;"),
                // somebody may come in between a job's end and its arrival
                arguments(
                        ChannelModel.class,
                        "ChannelQueue.java",
                        "arrived.add(result);",
                        "lock.unlock(); lock.lock(); arrived.add(result);"));
    }

    @Tag("broken")
    @ParameterizedTest
    @MethodSource("broken")
    void aBrokenLineIsNoticed(Class<?> model, String file, String line, String instead) throws Exception {
        Path classes = BrokenCore.compiled(file, line, instead);
        String found = check(classes + File.pathSeparator + BrokenCore.classPath(), 50, 300, model);
        assertThat(found).containsAnyOf("Invalid execution results", "Validation function");
    }

    /** What Lincheck has found; nothing if that is nothing. */
    private static String check(String classPath, int scenarios, int interleavings, Class<?>... models)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+EnableDynamicAgentLoading",
                "-cp",
                classPath,
                ModelCheck.class.getName(),
                String.valueOf(scenarios),
                String.valueOf(interleavings)));
        Stream.of(models).map(Class::getName).forEach(command::add);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        assertThat(status).as(said).isIn(0, ModelCheck.FOUND);
        return status == 0 ? "" : said;
    }
}
