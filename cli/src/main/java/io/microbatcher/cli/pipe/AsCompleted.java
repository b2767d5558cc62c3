package io.microbatcher.cli.pipe;

import io.microbatcher.MicroBatcher;
import io.microbatcher.ResultChannel;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Delivers results as they arrive: a channel of the batcher, which unfit lines never enter. */
final class AsCompleted implements Results {
    private final ResultChannel<Line, Slice> channel;
    private final ReentrantLock lock = new ReentrantLock();
    private final Tally tally;
    private final Outcomes taker;

    // Guarded by the lock.
    private boolean ended;

    /** @param taker is told of unfit lines at once, by the thread that submits: nothing else would wake the other */
    AsCompleted(MicroBatcher<Line, Slice> batcher, int maxJobs, Tally tally, Outcomes taker) {
        this.tally = tally;
        this.channel = batcher.openChannel(maxJobs);
        this.taker = taker;
    }

    @Override
    public boolean submit(Line line) {
        lock.lock();
        try {
            if (ended) {
                return false;
            }
            tally.last = line;
            tally.read.incrementAndGet();
            if (line.problem == null) {
                Uninterruptibly.get(() -> {
                    channel.submit(line); // has room: the window holds no more than the channel
                    return line;
                });
            } else {
                taker.failed(line, new UnfitException(line.problem)); // inside: the end waits for it
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void handOver() {}

    @Override
    public void end() {
        lock.lock();
        try {
            ended = true;
            channel.halfClose();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void deliver(Outcomes to) {
        for (; ; ) {
            ResultChannel.@Nullable Result<Line, Slice> result = channel.poll();
            if (result == null) {
                to.idle();
                result = take();
            }
            if (result == null) {
                return;
            }
            Throwable failure = result.failure();
            if (failure == null) {
                to.succeeded(result.job(), Objects.requireNonNull(result.value()));
            } else {
                to.failed(result.job(), failure);
            }
        }
    }

    private ResultChannel.@Nullable Result<Line, Slice> take() {
        return Uninterruptibly.get(() -> Optional.ofNullable(channel.take())).orElse(null);
    }
}
