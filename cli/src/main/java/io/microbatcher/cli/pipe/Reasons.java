package io.microbatcher.cli.pipe;

import io.microbatcher.MissingResultException;
import org.jspecify.annotations.Nullable;

/** Says why a job failed, in one line for a person. */
final class Reasons {
    private static final int LONGEST = 500;

    private Reasons() {}

    static String of(Throwable failure) {
        if (failure instanceof MissingResultException) {
            return "the command printed no line for it, and must print one for each job; --exec-sink is for commands that"
                    + " print no results";
        }
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof WorkException || cause instanceof UnfitException
                ? String.valueOf(cause.getMessage())
                : oneLine(cause.toString());
    }

    /** The text without line breaks and control characters, and not too long. */
    static String oneLine(@Nullable String text) {
        String line =
                String.valueOf(text).strip().replaceAll("\\s*\\R\\s*", " ").replaceAll("\\p{Cntrl}", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
