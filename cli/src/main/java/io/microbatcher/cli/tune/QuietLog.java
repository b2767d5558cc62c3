package io.microbatcher.cli.tune;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the library's log silent while it is open: bad configurations are tried on purpose, and that they are slow is in
 * the table.
 */
final class QuietLog implements AutoCloseable {
    private final Logger logger = Logger.getLogger("io.microbatcher");
    private final @Nullable Level before = logger.getLevel();

    QuietLog() {
        logger.setLevel(Level.OFF);
    }

    @Override
    public void close() {
        logger.setLevel(before);
    }
}
