package io.microbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final Deadlines<String, String> deadlines = new Deadlines<>(100);
    private final Lane<String, String> lane = new Lane<>(null, null, false, false);

    private PendingJob<String, String> accepted(long nanos) {
        PendingJob<String, String> job = new PendingJob<>("accepted at " + nanos);
        job.acceptedNanos = nanos;
        job.place = lane;
        deadlines.add(job, 1);
        return job;
    }

    @Test
    void r1_7_aJobIsOverdueInTheMomentOfItsDeadlineAndNotBefore() {
        PendingJob<String, String> job = accepted(10);
        assertThat(deadlines.nextNanos()).isEqualTo(110);
        assertThat(deadlines.overdue(109)).isNull();
        assertThat(deadlines.overdue(110)).isSameAs(job);
        assertThat(deadlines.overdue(111)).isSameAs(job);
    }

    @Test
    void r1_7_whatHasEndedIsSkipped() {
        PendingJob<String, String> first = accepted(10);
        PendingJob<String, String> second = accepted(20);
        PendingJob<String, String> third = accepted(30);
        first.place = null;
        second.place = null;
        assertThat(deadlines.nextNanos()).isEqualTo(130);
        assertThat(deadlines.overdue(125)).isNull();
        assertThat(deadlines.overdue(130)).isSameAs(third);
        third.place = null;
        assertThat(deadlines.nextNanos()).isEqualTo(Nanos.FOREVER);
        assertThat(deadlines.overdue(1_000)).isNull();
    }

    @Test
    void r1_7_whatIsSweptAwayBehindAPendingJobHasEnded() {
        PendingJob<String, String> oldest = accepted(0);
        for (int i = 1; i <= 1_000; i++) {
            PendingJob<String, String> job = accepted(i);
            job.place = i % 100 == 0 ? lane : null;
        }
        oldest.place = null;
        for (int i = 100; i <= 1_000; i += 100) {
            assertThat(deadlines.nextNanos()).isEqualTo(i + 100);
            deadlines.overdue(i + 100).place = null;
        }
        assertThat(deadlines.nextNanos()).isEqualTo(Nanos.FOREVER);
    }

    @Test
    void aDeadlineThatDoesNotFitNeverComes() {
        assertThat(deadlines.nextAfter(5)).isEqualTo(105);
        assertThat(new Deadlines<String, String>(Nanos.FOREVER).nextAfter(5)).isEqualTo(Nanos.FOREVER);
        accepted(Long.MAX_VALUE - 99);
        assertThat(deadlines.nextNanos()).isEqualTo(Nanos.FOREVER);
    }

    /** One that is pending, and others behind it that have ended: which of them are still kept, told by reviving all. */
    private int keptOf(int ended) {
        PendingJob<String, String> pending = accepted(0);
        List<PendingJob<String, String>> others = new ArrayList<>();
        for (int i = 0; i < ended; i++) {
            others.add(accepted(0));
            others.get(i).place = null;
        }
        others.forEach(job -> job.place = lane);
        pending.place = null;
        int kept = 0;
        for (PendingJob<String, String> job = deadlines.overdue(100); job != null; job = deadlines.overdue(100)) {
            job.place = null;
            kept++;
        }
        return kept;
    }

    @Test
    void r1_7_theEndedAreSweptAwayWhenThereAreTwiceAsManyAsPendingAndAFew() {
        assertThat(keptOf(65)).isEqualTo(65);
        assertThat(keptOf(66)).isEqualTo(1);
        assertThat(keptOf(10_000)).isLessThanOrEqualTo(66);
    }
}
