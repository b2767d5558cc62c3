package io.microbatcher.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The site of this project, made once for all tests, in a folder whose name has to be escaped in links. */
final class MadeSite {
    /** Tests run in the directory of their module. */
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    static final Path OUT = Path.of("target/a site, made").toAbsolutePath();

    static {
        try {
            Site.make(ROOT, OUT);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private MadeSite() {}

    /** Every page, without those that javadoc has written. */
    static List<Path> pages() {
        try (Stream<Path> files = Files.walk(OUT)) {
            return files.filter(file -> file.toString().endsWith(".html"))
                    .filter(file -> !file.startsWith(OUT.resolve("api")))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static String nameOf(Path page) {
        return OUT.relativize(page).toString();
    }
}
