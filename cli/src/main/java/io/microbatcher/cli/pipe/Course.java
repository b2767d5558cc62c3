package io.microbatcher.cli.pipe;

import java.io.IOException;

/** What may happen on the way that decides how the run goes on. Any thread may report it, any number of times. */
interface Course {
    /**
     * A job failed and there is no file for dead letters.
     *
     * @param ended how many jobs have ended, this one included
     */
    void failedForGood(String reason, long ended);

    /** The standard output cannot be written. */
    void outputFailed(IOException failure);

    /** Something without which there is no point in reading more. */
    void cannotGoOn(RefusedException why);

    /** A processor gave results that belong to no job. */
    void surplus(long results, String what);
}
