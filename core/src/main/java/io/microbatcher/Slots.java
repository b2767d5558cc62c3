package io.microbatcher;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Who may have a batch in flight (R3.1). Guarded by the board's lock.
 *
 * <pre>
 * free --start--> starting --worker arrives--> running --processor done--> free
 *                     |                           (the worker: returning --looks again--> gone or running)
 *                     +--nothing left, executor refused--> free
 * </pre>
 *
 * <p>I1: running + starting never exceed the limit, unless it was lowered meanwhile. I2: a worker that delivers results holds no slot, but is counted
 * on to look for the next batch before it leaves: starting another thread would cost more than waiting for it. It is
 * trusted for {@link #TRUST_NANOS} only, since a callback may keep it. I3: a worker that found nothing lingers, if that
 * has been worth it lately, for about as long as it takes to wake a thread (as a competitive spin does, Karlin et al.,
 * 1990). It is counted on like one that returns, and producers that would call need not take the lock: whoever calls
 * writes that before it reads {@link #isLingering}, and the worker looks once more after it has stopped to linger.
 */
final class Slots {
    static final long LINGER_NANOS = 20_000;

    private static final long TRUST_NANOS = 1_000_000;
    private static final int MOST_CREDIT = 16;
    private static final int TRY_AGAIN = 32;
    private static final boolean ALONE = Runtime.getRuntime().availableProcessors() == 1;

    private final int max;

    /** Finds the limit, where it adapts. */
    private final @Nullable SlotLimit learnt;

    /** Batches in flight that hang: they must not block those that would be served. */
    private int hanging;

    private int running;
    private int starting;
    private int returning;

    /** How many workers linger; read by producers without the lock. */
    private volatile int lingering;

    /** How often lingering may still fail before it is not tried any more. */
    private int lingerCredit = MOST_CREDIT;

    private int notLingered;

    /** When the patience with returning workers ends; {@link Nanos#FOREVER} while nothing depends on them. */
    private long trustEndsNanos = Nanos.FOREVER;

    Slots(Settings<?, ?> settings) {
        this.max = settings.maxConcurrentBatches();
        this.learnt = settings.adaptsConcurrency() ? new SlotLimit(max, settings.batchSize()) : null;
    }

    /** How many batches may be in flight at a time. */
    int limit() {
        return learnt == null ? max : Math.min(max, learnt.slots() + hanging);
    }

    boolean adapts() {
        return learnt != null;
    }

    void hanging(int batches) {
        hanging = batches;
    }

    /** A batch has left its slot, in whatever way. */
    void learn(Batch<?, ?> batch, @Nullable Throwable failure, long nowNanos, int waiting) {
        if (learnt == null) {
            return;
        }
        if (failure == null) {
            learnt.processed(
                    nowNanos, batch.dispatchedNanos, batch.size(), batch.sojournNanos(nowNanos), running, waiting);
        } else if (failure instanceof TimeoutException || failure instanceof RejectedExecutionException) {
            learnt.overloaded(nowNanos, batch.dispatchedNanos);
        }
    }

    int running() {
        return running;
    }

    int free() {
        return limit() - running - starting;
    }

    /** Reserves slots for batches that nobody is coming for: how many workers to start. */
    int start(int ripeBatches, long nowNanos) {
        int uncovered = Math.min(ripeBatches - starting, free());
        if (uncovered > 0 && returning > 0) {
            if (trustEndsNanos == Nanos.FOREVER) {
                trustEndsNanos = Nanos.after(nowNanos, TRUST_NANOS);
            }
            if (nowNanos < trustEndsNanos) {
                uncovered -= returning; // I2
            }
        } else {
            trustEndsNanos = Nanos.FOREVER;
        }
        int started = Math.max(0, uncovered);
        starting += started; // I1
        return started;
    }

    long trustEndsNanos() {
        return trustEndsNanos;
    }

    /** How many workers are certain to look for work, or else the alarm will. */
    int coming(long nowNanos) {
        return starting + trusted(nowNanos);
    }

    /** How many slots are free that nobody is coming for. */
    int uncovered(long nowNanos) {
        return free() - trusted(nowNanos);
    }

    private int trusted(long nowNanos) {
        return trustEndsNanos != Nanos.FOREVER && nowNanos < trustEndsNanos ? returning : 0;
    }

    /** A worker that was started is here, or will never come. */
    void arrived() {
        starting--;
    }

    void run() {
        running++;
    }

    void done() {
        running--;
    }

    void returns() {
        returning++;
    }

    void returned() {
        returning--;
    }

    boolean isLingering() {
        return lingering > 0;
    }

    /** A worker has found nothing: whether it lingers. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock alone
    boolean lingers() {
        if (ALONE || (lingerCredit == 0 && ++notLingered < TRY_AGAIN)) {
            return false;
        }
        notLingered = 0;
        returning++;
        lingering++;
        return true;
    }

    /** A worker has stopped to linger: whether it found something. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock alone
    void lingered(boolean found) {
        returning--;
        lingering--;
        lingerCredit = found ? Math.min(MOST_CREDIT, lingerCredit + 2) : Math.max(0, lingerCredit - 1);
    }
}
