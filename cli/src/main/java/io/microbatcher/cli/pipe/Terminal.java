package io.microbatcher.cli.pipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Tells whether the standard error is a terminal. The launcher knows; without it the kernel is asked. */
final class Terminal {
    private static final String TOLD = "MICROBATCHER_STDERR_TTY";

    private Terminal() {}

    static boolean isStandardError() {
        String told = System.getProperty("microbatcher.stderr.tty", System.getenv(TOLD));
        if (told != null) {
            return told.equals("1") || told.toLowerCase(Locale.ROOT).equals("true");
        }
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | RuntimeException noSuchFileSystem) {
            return false;
        }
    }
}
