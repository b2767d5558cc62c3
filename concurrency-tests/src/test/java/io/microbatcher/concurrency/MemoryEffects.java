package io.microbatcher.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * R5.3: what a caller wrote into plain fields before it submitted is seen by the processor, on whichever thread that runs;
 * what the processor wrote before it answered is seen by the caller whose future is done.
 */
@JCStressTest
@Outcome(id = "[1-2], [1-2], (-1|3), (-1|3)", expect = ACCEPTABLE, desc = "all was seen; -1: not answered yet")
@Outcome(expect = FORBIDDEN, desc = "what the processor saw of two jobs, what their callers saw of its answers")
@State
public class MemoryEffects {
    private final Note first = new Note();
    private final Note second = new Note();
    private final MicroBatcher<Note, Note> batcher = MicroBatcher.builder(MemoryEffects::process)
            .batchSize(2)
            .batchCycle(Duration.ofDays(1))
            .executor(Runnable::run)
            .timer(new StoppedClock())
            .build();

    /** Plain fields, on purpose. */
    private static final class Note {
        private int asked;
        private int seen;
        private int answered;
    }

    private static List<Note> process(List<Note> notes) {
        for (Note note : notes) {
            note.seen = note.asked;
            note.answered = 3;
        }
        return notes;
    }

    private int ask(Note note, int what) {
        note.asked = what;
        CompletableFuture<Note> answer = batcher.submit(note);
        return answer.isDone() ? note.answered : -1;
    }

    @Actor
    public void one(IIII_Result result) {
        result.r3 = ask(first, 1);
    }

    @Actor
    public void other(IIII_Result result) {
        result.r4 = ask(second, 2);
    }

    @Arbiter
    public void look(IIII_Result result) {
        result.r1 = first.seen;
        result.r2 = second.seen;
    }
}
