package io.microbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The steps of the search, on a backend without noise: "8x40" stands for forty batches with eight slots. What ends with a
 * change of their number is counted, the first round, which is not measured, included.
 */
class SlotLimitStepsTest {
    private static final int JOBS = 32;
    private static final long BATCH_NANOS = 2_000_000;

    private final SlotLimit limit = new SlotLimit(16, JOBS);
    private long now = 1_000_000_000;

    /** Batches, one after the other, of a backend that serves so many at a time: the numbers of slots that were tried. */
    private String run(int batches, int served, int busy, boolean backlog) {
        List<String> steps = new ArrayList<>();
        int slots = limit.slots();
        int ofThem = 0;
        for (int i = 0; i < batches; i++) {
            int running = Math.min(slots, busy);
            double took = BATCH_NANOS * Math.max(1, (double) running / served);
            now += (long) (took / running);
            limit.processed(now, now - (long) took, JOBS, took * JOBS, running, backlog ? JOBS : JOBS - 1);
            ofThem++;
            if (limit.slots() != slots) {
                steps.add(slots + "x" + ofThem);
                slots = limit.slots();
                ofThem = 0;
            }
        }
        steps.add(slots + "x" + ofThem);
        return String.join(" ", steps);
    }

    private String run(int batches, int served) {
        return run(batches, served, Integer.MAX_VALUE, true);
    }

    @Test
    void doublesAsLongAsItIsWorthItAndThenTriesItsNeighboursMoreAndMoreSeldom() {
        assertThat(run(1_000, 8))
                .isEqualTo("4x20 8x31 16x95 8x47 9x53 8x47 7x42 8x79 9x53 8x47 7x42 8x111 9x53 8x47 7x42 8x175 9x16");
    }

    @Test
    void everySlotIsUsedWhereTheBackendServesThemAll() {
        assertThat(run(800, 16)).isEqualTo("4x20 8x31 16x191 15x90 16x223 15x90 16x155");
    }

    @Test
    void followsABackendThatHasChanged() {
        assertThat(run(600, 2))
                .isEqualTo("4x20 8x47 4x23 5x29 4x23 3x17 1x5 3x17 2x27 3x17 2x27 3x17 2x35 3x17 2x51"
                        + " 3x17 2x83 3x17 2x111");
        assertThat(run(600, 8)).isEqualTo("2x36 3x15 5x19 9x35 16x95 9x53 10x59 9x53 8x47 6x29 8x47 7x42 8x47 9x23");
        assertThat(run(600, 3))
                .isEqualTo("9x12 8x48 4x24 2x11 4x24 3x18 1x5 3x30 4x24 3x42 4x24 3x54 4x24 3x78 4x24"
                        + " 3x126 4x24 3x8");
    }

    @Test
    void withoutABacklogTheLatencyDecides() {
        assertThat(run(400, 4, Integer.MAX_VALUE, false))
                .isEqualTo("4x20 8x31 4x23 5x25 4x23 3x18 1x25 2x11 1x25 2x11 1x33 2x11 1x49 2x11 1x81 2x3");
    }

    /** With five at a time it forgets what it knew, tries half, and then just those. */
    @Test
    void triesWithoutTheSlotsThatAreNotNeeded() {
        run(400, 16);
        assertThat(limit.slots()).isEqualTo(16);
        assertThat(run(150, 16, 5, true)).isEqualTo("16x27 8x28 16x84 5x11");
    }

    @Test
    void anOverloadHalvesAndIsBelievedForAWhile() {
        run(300, 16);
        limit.overloaded(now, now);
        assertThat(limit.slots()).isEqualTo(7);
        assertThat(run(300, 16)).isEqualTo("7x70 6x36 7x70 8x47 10x47 14x30");
        limit.overloaded(now, now);
        limit.overloaded(now, now - 1); // the same trouble
        assertThat(run(300, 4)).isEqualTo("7x69 11x65 7x41 8x47 7x41 6x35 4x2");
    }

    @Test
    void getsThereWhereTheBackendBecomesSlowerLittleByLittle() {
        for (int served = 16; served > 3; served--) {
            run(400, served);
        }
        run(2_000, 3);
        assertThat(limit.slots()).isBetween(3, 4);
    }
}
