package io.microbatcher;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** The log of the library, {@code io.microbatcher}: for the few things that no return value can say. */
final class Log {
    private Log() {}

    static void warn(String message, @Nullable Throwable thrown) {
        try {
            Logger logger = System.getLogger("io.microbatcher");
            if (thrown == null) {
                logger.log(Level.WARNING, message);
            } else {
                logger.log(Level.WARNING, message, thrown);
            }
        } catch (Throwable broken) {
            // A logger that fails must not cost anybody a result, and there is nowhere left to say so.
        }
    }
}
