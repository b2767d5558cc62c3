package io.microbatcher.cli.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.TypeConversionException;

/**
 * Lines of {@code --option=value} as options of {@code pipe}: it runs, or says in a sentence why not. Options that name
 * commands or files are left out.
 */
public final class PipeOptionsFuzz {
    private static final List<String> OPTIONS = List.of(
            "--batch-size",
            "--batch-cycle",
            "--concurrency",
            "--max-pending",
            "--max-pending-bytes",
            "--timeout",
            "--max-line-bytes",
            "--format",
            "--progress",
            "--summary",
            "--as-completed",
            "--print-counts");
    private static final String DATABASE = "jdbc:h2:mem:options;DB_CLOSE_DELAY=-1";

    static {
        try (var connection = new Database(DATABASE, null, List.of()).connect();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (line VARCHAR(100))");
            connection.commit();
        } catch (SQLException | RefusedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private PipeOptionsFuzz() {}

    /** Called with each input. */
    public static void fuzzerTestOneInput(byte[] data) {
        List<String> options = new String(data, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> OPTIONS.contains(line.replaceAll("(?s)=.*", "")))
                .limit(8)
                .toList();
        options.forEach(option -> convert(option.replaceAll("(?s)^[^=]*=?", "")));
        if (options.isEmpty()) {
            return;
        }
        boolean http = options.stream().anyMatch(option -> option.startsWith("--timeout"));
        List<String> arguments = new ArrayList<>(
                http
                        ? List.of("--http", "http://localhost:9/") // without a line, nobody connects
                        : List.of("--jdbc", DATABASE, "--sql", "INSERT INTO t VALUES (:line)"));
        arguments.addAll(options);
        Pipe pipe = Pipe.of(http ? "" : "{\"line\":1}\nline\n");
        int status = pipe.run(arguments.toArray(String[]::new));
        assertThat(status).as(pipe.err()).isBetween(ExitCodes.FINE, ExitCodes.IO);
        assertThat(pipe.err()).doesNotContain("\tat ");
        if (status == ExitCodes.USAGE) {
            assertThat(pipe.err().strip()).isNotEmpty();
        }
    }

    private static void convert(String value) {
        try {
            Duration duration = new DurationConverter().convert(value);
            assertThat(duration).isGreaterThanOrEqualTo(Duration.ZERO);
            if (duration.toDays() < 1_000 && duration.toNanos() % 1_000 == 0) {
                assertThat(new DurationConverter().convert(duration.toNanos() / 1_000 + "us"))
                        .isEqualTo(duration);
            }
        } catch (TypeConversionException why) {
            assertThat(why).hasMessageContaining("is no duration");
        }
        try {
            long size = new SizeConverter().convert(value);
            assertThat(size).isNotNegative();
            if (size < 1_000_000_000) {
                assertThat(new SizeConverter().convert(Long.toString(size))).isEqualTo(size);
            }
        } catch (TypeConversionException why) {
            assertThat(why).hasMessageContaining("is no size");
        }
    }
}
