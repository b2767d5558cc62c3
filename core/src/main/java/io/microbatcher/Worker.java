package io.microbatcher;

import io.microbatcher.ContextCarrier.Scope;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A slot's pull: takes a batch, has it processed, delivers its results, and looks again until nothing is due. Nothing is
 * sealed before a worker takes it (R2.4).
 */
final class Worker<J, R extends @Nullable Object> implements Runnable {
    private static final int LARGEST_ROOM = 1_024;

    private final Dispatcher<J, R> dispatcher;
    private final AtomicBoolean claimed = new AtomicBoolean();

    /** Whether it runs on a thread that waits for it, and not on one of the executor's. Written before it runs. */
    boolean isHelped;

    /** Where the results of a full batch are copied to while they are delivered; empty otherwise. */
    private @Nullable Object @Nullable [] room;

    /** Whether a processor has left its thread interrupted: no business of the next batch nor of callbacks. */
    private boolean leftInterrupted;

    /** When what it comes for is due; 0 if it is. One that is sent ahead has no slot reserved, and may find nothing. */
    private final long dueNanos;

    Worker(Dispatcher<J, R> dispatcher) {
        this(dispatcher, 0);
    }

    private Worker(Dispatcher<J, R> dispatcher, long dueNanos) {
        this.dispatcher = dispatcher;
        this.dueNanos = dueNanos;
    }

    /** One that is on its thread before something is due, and waits there. */
    static <J, R extends @Nullable Object> Worker<J, R> ahead(Dispatcher<J, R> dispatcher, long dueNanos) {
        return new Worker<>(dispatcher, dueNanos);
    }

    /** Claims the reservation that this worker stands for; an executor may run it twice, or run it and then throw. */
    boolean isClaimed() {
        return claimed.compareAndSet(false, true);
    }

    @Override
    public void run() {
        if (isClaimed()) {
            dispatcher.starter.arrived(this);
            Batch<J, R> batch = dueNanos == 0 ? dispatcher.arrive() : arriveWhenDue();
            while (batch != null) {
                Batch<J, R> next = process(batch);
                batch = next == null && batch.lingers ? linger() : next;
            }
            if (leftInterrupted || Frame.isToStop()) {
                Thread.currentThread().interrupt(); // the thread is the executor's, and so is its flag
            }
        }
    }

    private @Nullable Batch<J, R> arriveWhenDue() {
        Timer timer = dispatcher.settings.timer();
        for (long early = dueNanos - timer.nanos(); early > 0; early = dueNanos - timer.nanos()) {
            LockSupport.parkNanos(this, early);
        }
        return dispatcher.arriveAhead();
    }

    private @Nullable Batch<J, R> process(Batch<J, R> batch) {
        Verdicts verdicts;
        Frame frame = Frame.processing(dispatcher);
        frame.batch = batch;
        try {
            batch.room = roomFor(batch);
            batch.tellDispatched();
            batch.recordBegin();
            if (dispatcher.settings.batchesTimeOut() && !dispatcher.begins(batch)) {
                return dispatcher.letGoAndTakeNext(batch);
            }
            if (dispatcher.settings.contexts() != null) {
                frame.contexts = JobContexts.of(batch);
            }
            verdicts = dispatcher.settings.watch().on() ? answerWatched(batch) : answer(batch);
        } catch (Throwable thrown) {
            verdicts = Verdicts.failed(thrown);
        } finally {
            frame.leave();
        }
        boolean interrupted = Thread.interrupted();
        Batch<J, R> next =
                verdicts == null ? dispatcher.letGoAndTakeNext(batch) : Delivery.endAndTakeNext(batch, verdicts);
        if (batch.room != null) {
            Arrays.fill(batch.room, null);
        }
        leftInterrupted |= interrupted && !batch.interrupted;
        return next;
    }

    private @Nullable Verdicts answerWatched(Batch<J, R> batch) throws Exception {
        Scope around = dispatcher.settings.watch().processing(batch.info());
        try {
            return answer(batch);
        } finally {
            around.close();
        }
    }

    private @Nullable Verdicts answer(Batch<J, R> batch) throws Exception {
        return dispatcher.settings.form().answer(batch.jobs(), batch);
    }

    private @Nullable Object @Nullable [] roomFor(Batch<J, R> batch) {
        if (batch.size() != dispatcher.settings.batchSize() || batch.size() > LARGEST_ROOM) {
            return null;
        }
        room = room == null ? new Object[batch.size()] : room;
        return room;
    }

    /** Waits a little for the next batch: to start a thread for it would take longer, for both sides. */
    private @Nullable Batch<J, R> linger() {
        long until = Patience.deadline(Slots.LINGER_NANOS);
        boolean over;
        Batch<J, R> next;
        do {
            over = false;
            while (!over && !dispatcher.board.isCalled()) {
                Thread.onSpinWait();
                over = Patience.remaining(until) == 0;
            }
            next = dispatcher.lookAgain(over);
        } while (next == null && !over);
        return next;
    }

    /** Stands for the processor when the executor has refused: the batch that this worker would have taken fails. */
    void fail(Throwable refused) {
        Batch<J, R> batch = dispatcher.arrive();
        if (batch != null) {
            batch.tellDispatched();
            batch.recordBegin();
            Delivery.end(batch, Verdicts.refused(refused));
        }
    }
}
