package io.microbatcher.cli.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** The inputs that are kept do no harm: each harness with each of its seeds, without a fuzzer. */
@Timeout(60)
class SeedsTest {
    @TestFactory
    Stream<DynamicTest> eachSeedDoesNoHarm() {
        return Arrays.stream(Harness.values()).flatMap(harness -> {
            assertThat(harness.seeds()).as("seeds of " + harness).isNotEmpty();
            return harness.seeds().stream().map(seed -> test(harness, seed));
        });
    }

    private static DynamicTest test(Harness harness, Path seed) {
        return DynamicTest.dynamicTest(
                harness + " " + seed.getFileName(), () -> harness.test(Files.readAllBytes(seed)));
    }
}
