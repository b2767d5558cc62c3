package io.microbatcher.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * The core with one line of it broken: the very source, so that there is no copy that could fall behind. A test that does
 * not notice is worth nothing. If the line has gone from the source, another one has to be broken.
 */
final class BrokenCore {
    private static final Path SOURCES = Path.of("../core/src/main/java/io/microbatcher");

    private BrokenCore() {}

    /** Compiles a class of the core with one line replaced: the directory that goes before all others. */
    static Path compiled(String file, String line, String instead) {
        try {
            String source = Files.readString(SOURCES.resolve(file));
            assertThat(source.split(Pattern.quote(line), -1))
                    .as("%s has to hold the line that is to be broken, once: %s", file, line)
                    .hasSize(2);
            Path directory = Files.createTempDirectory(Path.of("target"), "broken");
            Path broken = directory.resolve(file);
            Files.writeString(broken, source.replace(line, instead));
            List<String> arguments = List.of(
                    "-proc:none",
                    "-nowarn",
                    "-Xlint:none",
                    "-parameters",
                    "-cp",
                    classPath(),
                    "-d",
                    directory.toString(),
                    broken.toString());
            int failed = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
            assertThat(failed).as("javac: 0 is success").isZero();
            return directory;
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    /** Everything anew, the broken class first: nothing is shared with the tests of the core as it is. */
    static URLClassLoader loader(Path broken) {
        URL[] urls = Stream.concat(
                        Stream.of(broken),
                        Stream.of(classPath().split(File.pathSeparator)).map(Path::of))
                .map(BrokenCore::url)
                .toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException never) {
            throw new UncheckedIOException(never);
        }
    }

    static String classPath() {
        return System.getProperty("java.class.path");
    }
}
