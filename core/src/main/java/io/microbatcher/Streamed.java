package io.microbatcher;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Answers job by job, straight into the batch; whatever is open when the call returns has no result. */
final class Streamed<J, R extends @Nullable Object> extends Form<J, R> {
    private final Streaming<J, R> processor;

    Streamed(Streaming<J, R> processor) {
        this.processor = processor;
    }

    @Override
    Verdicts answer(List<J> jobs, Batch<J, R> batch) throws Exception {
        processor.process(jobs, new LiveAnswers<>(batch));
        return Verdicts.none(batch.size(), "the processor returned without an answer for it");
    }

    @Override
    public List<R> process(List<J> jobs) throws Exception {
        int size = jobs.size();
        Collected<R> collected =
                new Collected<>(Verdicts.none(size, "the processor returned without an answer for it"), size);
        processor.process(jobs, collected);
        return collected.results();
    }

    /** The answers of a processor that is called by hand. Guarded by itself: nothing else locks it. */
    private static final class Collected<R extends @Nullable Object> implements Answers<R> {
        private final ReentrantLock lock = new ReentrantLock();
        private final Verdicts verdicts;
        private final int size;

        Collected(Verdicts verdicts, int size) {
            this.verdicts = verdicts;
            this.size = size;
        }

        @Override
        public void complete(int position, R result) {
            once(position, () -> verdicts.value(position, result));
        }

        @Override
        public void fail(int position, Throwable cause) {
            once(position, () -> verdicts.failure(position, cause));
        }

        @Override
        public boolean isEnded(int position) {
            lock.lock();
            try {
                return position < 0 || position >= size || verdicts.outcome(position) != JobOutcome.MISSING;
            } finally {
                lock.unlock();
            }
        }

        private void once(int position, Runnable answer) {
            lock.lock();
            try {
                if (!isEnded(position)) {
                    answer.run();
                }
            } finally {
                lock.unlock();
            }
        }

        List<R> results() {
            lock.lock();
            try {
                return Form.results(verdicts, size);
            } finally {
                lock.unlock();
            }
        }
    }
}
