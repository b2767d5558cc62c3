package io.microbatcher.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
    private final VirtualTime time = new VirtualTime();
    private final List<String> rung = new ArrayList<>();

    private Runnable note(String name) {
        return () -> rung.add(name + " at " + time.nanos());
    }

    private void advance(long nanos) {
        time.advance(Duration.ofNanos(nanos));
    }

    @Test
    void standsStillUntilItIsMoved() {
        assertThat(time.nanos()).isZero();
        advance(7);
        advance(5);
        assertThat(time.nanos()).isEqualTo(12);
        assertThat(new VirtualTime(40).nanos()).isEqualTo(40);
    }

    @Test
    void alarmsRingAtTheirOwnTimeAndNoneTooEarly() {
        time.schedule(10, note("late"));
        time.schedule(5, note("early"));
        advance(4);
        assertThat(rung).isEmpty();
        advance(20);
        assertThat(rung).containsExactly("early at 5", "late at 10");
        assertThat(time.nanos()).isEqualTo(24);
    }

    @Test
    void alarmsOfTheSameTimeRingInTheOrderInWhichTheyWereScheduled() {
        List.of("a", "b", "c", "d").forEach(name -> time.schedule(5, note(name)));
        advance(5);
        assertThat(rung).containsExactly("a at 5", "b at 5", "c at 5", "d at 5");
    }

    @Test
    void anAlarmRingsOnce() {
        time.schedule(1, note("a"));
        advance(1);
        advance(1);
        assertThat(rung).containsExactly("a at 1");
        assertThat(time.alarms()).isZero();
    }

    @Test
    void anAlarmForATimeThatHasPassedRingsWithTheNextMoveAndNotInsideOfSchedule() {
        advance(10);
        time.schedule(3, note("past"));
        time.schedule(10, note("now"));
        assertThat(rung).isEmpty();
        assertThat(time.alarms()).isEqualTo(2);
        advance(0);
        assertThat(rung).containsExactly("past at 10", "now at 10"); // time does not go back
    }

    @Test
    void whatAnAlarmSchedulesWithinTheSpanRingsInTheSameCall() {
        time.schedule(5, () -> {
            rung.add("first at " + time.nanos());
            time.schedule(8, note("within"));
            time.schedule(5, note("at once"));
            time.schedule(21, note("beyond"));
        });
        advance(20);
        assertThat(rung).containsExactly("first at 5", "at once at 5", "within at 8");
        assertThat(time.alarms()).isEqualTo(1);
    }

    @Test
    void anAlarmMayMoveTheClockItself() {
        time.schedule(5, () -> time.advance(Duration.ofNanos(100)));
        time.schedule(50, note("inner"));
        advance(10);
        assertThat(rung).containsExactly("inner at 50");
        assertThat(time.nanos()).isEqualTo(105);
    }

    @Test
    void alarmsRingOnTheThreadThatAdvancesAndOutsideOfAnyLock() throws InterruptedException {
        List<Thread> ringing = new ArrayList<>();
        time.schedule(1, () -> {
            ringing.add(Thread.currentThread());
            Thread other = new Thread(() -> time.schedule(2, note("from another thread")));
            other.start();
            try {
                other.join(30_000); // for ever, if the alarm rang under the lock
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
            assertThat(other.isAlive()).isFalse();
        });
        advance(5);
        assertThat(ringing).containsExactly(Thread.currentThread());
        assertThat(rung).containsExactly("from another thread at 2");
    }

    @Test
    void timeDoesNotGoBack() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> advance(-1))
                .withMessage("time does not go back, but span was PT-0.000000001S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VirtualTime(-1))
                .withMessage("startNanos must not be negative, but was -1");
    }
}
