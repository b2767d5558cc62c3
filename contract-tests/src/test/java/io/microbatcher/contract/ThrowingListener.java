package io.microbatcher.contract;

import io.microbatcher.BatchListener;
import io.microbatcher.ContextCarrier;
import io.microbatcher.JobOutcome;
import io.microbatcher.MicroBatcher;
import java.util.concurrent.atomic.AtomicInteger;

/** A listener that throws whenever one kind of event is reported. */
final class ThrowingListener implements BatchListener {
    private final Event event;
    private final Throwable throwable;
    private final AtomicInteger thrown = new AtomicInteger();

    enum Event {
        WATCHES,
        BUILT,
        ACCEPTED,
        REJECTED,
        DISPATCHED,
        PROCESSING,
        PROCESSED,
        COMPLETED,
        FAILED,
        RETRIED,
        ENDED,
        ENDED_TOGETHER,
        UNMATCHED,
        CLOSED
    }

    ThrowingListener(Event event, Throwable throwable) {
        this.event = event;
        this.throwable = throwable;
    }

    /** How often it threw. */
    int thrown() {
        return thrown.get();
    }

    private void happened(Event what) {
        if (what == event) {
            thrown.incrementAndGet();
            Caller.<RuntimeException, Void>sneak(throwable);
        }
    }

    @Override
    public boolean watchesEachJob() {
        happened(Event.WATCHES);
        return true;
    }

    @Override
    public void built(MicroBatcher<?, ?> batcher) {
        happened(Event.BUILT);
    }

    @Override
    public void accepted(Object job) {
        happened(Event.ACCEPTED);
    }

    @Override
    public void rejected(Object job, RuntimeException why) {
        happened(Event.REJECTED);
    }

    @Override
    public void dispatched(BatchInfo batch) {
        happened(Event.DISPATCHED);
    }

    @Override
    public ContextCarrier.Scope processing(BatchInfo batch) {
        happened(Event.PROCESSING);
        return () -> happened(Event.PROCESSED);
    }

    @Override
    public void completed(BatchInfo batch, long nanos, int failedJobs) {
        happened(Event.COMPLETED);
    }

    @Override
    public void failed(BatchInfo batch, long nanos, Throwable cause) {
        happened(Event.FAILED);
    }

    @Override
    public void retried(BatchInfo batch, int jobs, Throwable cause) {
        happened(Event.RETRIED);
    }

    @Override
    public void ended(Object job, JobOutcome outcome, long waitNanos, long totalNanos) {
        happened(Event.ENDED);
    }

    @Override
    public void ended(JobOutcome outcome, int jobs, long waitNanos, long totalNanos) {
        happened(Event.ENDED_TOGETHER);
    }

    @Override
    public void closed() {
        happened(Event.CLOSED);
    }

    @Override
    public void unmatched(BatchInfo batch, Object result) {
        happened(Event.UNMATCHED);
    }
}
