package io.microbatcher.cli.demo;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Keeps what the library logs while it is open, so that it can be told at its place in the story. */
final class LibraryLog extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger("io.microbatcher");
    private final List<String> messages = new CopyOnWriteArrayList<>();

    LibraryLog() {
        logger.addHandler(this);
        logger.setUseParentHandlers(false);
    }

    List<String> messages() {
        return messages;
    }

    @Override
    public void publish(LogRecord line) {
        messages.add(line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.setUseParentHandlers(true);
        logger.removeHandler(this);
    }
}
