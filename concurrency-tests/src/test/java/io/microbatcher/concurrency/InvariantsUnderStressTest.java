package io.microbatcher.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every invariant holds while its threads meet some ten thousand times, and breaks when the line that keeps it does. */
class InvariantsUnderStressTest {
    private static final int MILLIS = 200;

    @ParameterizedTest
    @MethodSource("io.microbatcher.concurrency.Stress#tests")
    void nothingForbiddenHappens(String test) throws Exception {
        List<String> seen = Stress.run(test, 2, MILLIS);
        assertThat(seen).isNotEmpty().noneMatch(InvariantsUnderStressTest::isForbidden);
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                // a job is counted although the batcher was closed since it looked
                arguments(
                        AcceptAgainstClose.class,
                        "Admission.java",
                        "if (word.compareAndSet(WORD, seen, seen + ONE_WAITING_AND_PENDING)) {",
                        "if (word.addAndGet(WORD, ONE_WAITING_AND_PENDING) != 0) {"),
                // a job that ended while it waited is handed over
                arguments(
                        TakeAgainstCancel.class,
                        "Board.java",
                        "job.place = null;",
                        "job.place = outcome == JobOutcome.CANCELLED ? job.place : null;"),
                // a worker that has gone is still counted on
                arguments(
                        LastSlotAgainstWakeUp.class,
                        "Dispatcher.java",
                        "worker.returning = false;\n            board.slots.returned();",
                        "worker.returning = false;"),
                // a flush does not look at the intake
                arguments(
                        FlushAgainstSubmit.class,
                        "Board.java",
                        "now = Math.max(now, time);\n            gather();",
                        "now = Math.max(now, time);"),
                // an alarm that has rung counts as one that will
                arguments(
                        TimerAgainstSize.class,
                        "Alarm.java",
                        "while (next != null && next.atNanos <= ring.atNanos) {",
                        "while (next != null && next.atNanos < ring.atNanos) {"),
                // who has signalled forgets the notes of others
                arguments(
                        DemandAgainstResult.class,
                        "ChannelSubscription.java",
                        "} while (work.addAndGet(-seen) != 0);",
                        "} while (work.getAndSet(0) < seen);"),
                // a lane vanishes although it was claimed again
                arguments(
                        LaneAgainstEviction.class,
                        "KeyedPlace.java",
                        "== 1 && CLAIMS.compareAndSet(this, 0, VANISHED);",
                        "== 1;"),
                // a job joins a batch that has left
                arguments(
                        JoinAgainstLeave.class,
                        "Groups.java",
                        "return group.place instanceof Lane<J, R> || (joinsInFlight",
                        "return group.place instanceof Lane<J, R> || (!joinsInFlight"),
                // a place that all have left goes although somebody has come again
                arguments(
                        JoinAgainstLastCancel.class,
                        "KeyedPlace.java",
                        "== 1 && CLAIMS.compareAndSet(this, 0, VANISHED);",
                        "== 1;"),
                // a caller whose turn has come is not told
                arguments(
                        PermitAgainstBlockedCaller.class, "WaitingLine.java", "LockSupport.unpark(caller.thread);", ""),
                // a batch is answered before the processor has written anything
                arguments(
                        MemoryEffects.class,
                        "ByPosition.java",
                        "List<R> results = processor.process(jobs);",
                        "Threads.shared().execute(() -> { try { processor.process(jobs); } catch (Exception no) { } }); "
                                + "List<?> results = jobs;"));
    }

    @Tag("broken")
    @ParameterizedTest
    @MethodSource("broken")
    void aBrokenLineIsNoticed(Class<?> test, String file, String line, String instead) throws Exception {
        System.setProperty("concurrency.patience", "500"); // who is not woken up need not be waited for
        Path classes = BrokenCore.compiled(file, line, instead);
        try (URLClassLoader loader = BrokenCore.loader(classes)) {
            Object seen = loader.loadClass(Stress.class.getName())
                    .getMethod("run", String.class, int.class, int.class)
                    .invoke(null, test.getName(), 40, MILLIS);
            assertThat((List<?>) seen).anyMatch(InvariantsUnderStressTest::isForbidden);
        } finally {
            System.clearProperty("concurrency.patience");
        }
    }

    private static boolean isForbidden(Object outcome) {
        return outcome.toString().startsWith("FORBIDDEN") || outcome.toString().startsWith("TROUBLE");
    }
}
