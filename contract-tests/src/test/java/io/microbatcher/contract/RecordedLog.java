package io.microbatcher.contract;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the library writes to its log while this is open, kept from the console. */
final class RecordedLog extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger("io.microbatcher");
    private final boolean usedParents = logger.getUseParentHandlers();
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Runnable onRecord;

    RecordedLog() {
        this(() -> {});
    }

    /** Does something with each record, throwing included. */
    RecordedLog(Runnable onRecord) {
        this.onRecord = onRecord;
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    List<LogRecord> warnings() {
        return records.stream()
                .filter(logged -> logged.getLevel().equals(Level.WARNING))
                .toList();
    }

    @Override
    public void publish(LogRecord logged) {
        records.add(logged);
        onRecord.run();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(usedParents);
    }
}
