package io.microbatcher;

import org.jetbrains.lincheck.datastructures.BooleanGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * {@link Admission} on its own: every interleaving of its operations has the results of some order of them, that is, a job
 * is counted before the close or refused, and there are never more than there is room for. The class is its own
 * specification. Takes and ends are of jobs that were there from the start, as many as operations can ask for.
 */
public class AdmissionModel {
    private static final int BEFORE = 40;

    private final Admission admission = new Admission(BEFORE + 1);

    /** Half of the jobs are in flight. */
    public AdmissionModel() {
        for (int i = 0; i < BEFORE; i++) {
            admission.admit();
        }
        admission.taken(BEFORE / 2);
    }

    @Operation
    public int admit() {
        return admission.admit();
    }

    @Operation
    public void endInFlight() {
        admission.endedInFlight(1);
    }

    @Operation
    public void close() {
        admission.close();
    }

    @Operation
    public String look() {
        long counts = admission.counts();
        return Admission.waiting(counts) + " of " + Admission.pending(counts);
    }

    // what only the holder of the board's lock does

    @Operation(nonParallelGroup = "lock")
    public void take() {
        admission.taken(1);
    }

    @Operation(nonParallelGroup = "lock")
    public void blocked(@Param(gen = BooleanGen.class) boolean blocked) {
        admission.blocked(blocked);
    }

    @Operation(nonParallelGroup = "lock")
    public int grant() {
        return admission.grant();
    }
}
