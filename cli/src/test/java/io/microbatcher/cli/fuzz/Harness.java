package io.microbatcher.cli.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What is fuzzed: a class with {@code fuzzerTestOneInput(byte[])}, which throws if an input does harm, and its seeds. */
enum Harness {
    CSV("io.microbatcher.cli.pipe.CsvFuzz", 5_000),
    JSON("io.microbatcher.cli.pipe.JsonFuzz", 5_000),
    NAMED_SQL("io.microbatcher.cli.pipe.NamedSqlFuzz", 20_000),
    BOUND_VALUES("io.microbatcher.cli.pipe.BoundValueFuzz", 500),
    PIPE_OPTIONS("io.microbatcher.cli.pipe.PipeOptionsFuzz", 200),
    TUNE_OPTIONS("io.microbatcher.cli.tune.TuneOptionsFuzz", 300);

    final String type;

    /** How many inputs a short run makes up. */
    final int shortRuns;

    Harness(String type, int shortRuns) {
        this.type = type;
        this.shortRuns = shortRuns;
    }

    /** The directory of the inputs that are kept: the seeds, and what has found a bug once. */
    Path directory() {
        return Path.of("src/test/fuzz", type.substring(type.lastIndexOf('.') + 1));
    }

    List<Path> seeds() {
        try (Stream<Path> files = Files.list(directory())) {
            return files.sorted().toList();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    void test(byte[] input) throws Throwable {
        try {
            Class.forName(type).getMethod("fuzzerTestOneInput", byte[].class).invoke(null, (Object) input);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
