package io.microbatcher.house;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.microbatcher.MicroBatcher;
import io.microbatcher.jdbc.JdbcBatch;
import io.microbatcher.micrometer.BatcherMeters;
import io.microbatcher.opentelemetry.BatchSpans;
import io.microbatcher.test.VirtualTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the rules of the house look at: the published classes, and the sources of every module. */
final class Sources {
    /** Tests run in the directory of their module. */
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    static final JavaClasses CORE_CLASSES = classesBeside(MicroBatcher.class);
    static final JavaClasses TEST_CLASSES = classesBeside(VirtualTime.class);
    static final JavaClasses JDBC_CLASSES = classesBeside(JdbcBatch.class);
    static final JavaClasses MICROMETER_CLASSES = classesBeside(BatcherMeters.class);
    static final JavaClasses OPENTELEMETRY_CLASSES = classesBeside(BatchSpans.class);

    private Sources() {}

    private static JavaClasses classesBeside(Class<?> type) {
        return new ClassFileImporter()
                .importUrl(type.getProtectionDomain().getCodeSource().getLocation());
    }

    /** Every module that ships something. */
    static List<String> modules() {
        try (Stream<Path> directories = Files.list(ROOT)) {
            return directories
                    .filter(directory -> Files.isDirectory(directory.resolve("src/main/java")))
                    .map(directory -> directory.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The shipped Java files of a module, by name, without comments and the contents of strings. */
    static Map<String, String> code(String module) {
        Map<String, String> code = new TreeMap<>();
        try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                code.put(ROOT.relativize(file).toString().replace('\\', '/'), withoutComments(Files.readString(file)));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return code;
    }

    private static String withoutComments(String source) {
        return source.replaceAll("(?s)\"\"\".*?\"\"\"", "\"\"")
                .replaceAll("\"(\\\\.|[^\"\\\\\n])*\"", "\"\"")
                .replaceAll("(?s)/\\*.*?\\*/", "")
                .replaceAll("//[^\n]*", "");
    }
}
