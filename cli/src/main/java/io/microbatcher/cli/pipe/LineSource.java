package io.microbatcher.cli.pipe;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where jobs come from. */
interface LineSource {
    /**
     * Reads the next job.
     *
     * @return the job, with its {@link Line#problem problem} if it cannot be processed, or null at the end
     * @throws IOException if reading failed
     * @throws RefusedException if the input as a whole makes no sense
     */
    @Nullable
    Line next() throws IOException, RefusedException;
}
