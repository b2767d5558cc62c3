package io.microbatcher.benchmarks.jmh;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Designs of the way out: callers that are blocked on their results, and one thread that answers a batch of all of them.
 * In each round all callers are parked; then it is measured how long the answering thread is kept, and how long it takes
 * until half of the callers, and the last of them, run. Designs take turns within a JVM.
 */
public final class WakeDesigns {
    static final int[] CALLERS = {8, 64, 300};
    private static final int TURNS = 4;
    private static final long TURN_MILLIS = 250;

    private WakeDesigns() {}

    /** Prints a line for each figure: callers, design, metric, microseconds. */
    public static void main(String[] arguments) {
        for (int callers : CALLERS) {
            List<Rounds> found = new ArrayList<>();
            for (WakeDesign design : WakeDesign.values()) {
                found.add(new Rounds(design));
            }
            for (int turn = 0; turn < TURNS; turn++) {
                for (Rounds rounds : found) {
                    if (turn == 1) {
                        rounds.forget(); // the first turn warms up
                    }
                    rounds.measure(callers, TimeUnit.MILLISECONDS.toNanos(TURN_MILLIS));
                }
            }
            for (Rounds rounds : found) {
                rounds.print(callers);
            }
        }
    }

    /** The rounds of one design. */
    private static final class Rounds {
        private final WakeDesign design;
        private final List<Long> kept = new ArrayList<>();
        private final List<Long> half = new ArrayList<>();
        private final List<Long> last = new ArrayList<>();

        Rounds(WakeDesign design) {
            this.design = design;
        }

        void forget() {
            kept.clear();
            half.clear();
            last.clear();
        }

        void measure(int callers, long nanos) {
            try (Crowd crowd = new Crowd(design, callers)) {
                long until = System.nanoTime() + nanos;
                while (System.nanoTime() < until) {
                    crowd.awaitParked();
                    crowd.prepare();
                    long begin = System.nanoTime();
                    crowd.answer();
                    kept.add(System.nanoTime() - begin);
                    long[] ran = crowd.awaitAll();
                    half.add(ran[ran.length / 2] - begin);
                    last.add(ran[ran.length - 1] - begin);
                }
            }
        }

        void print(int callers) {
            print(callers, "kept median", kept, 0.5);
            print(callers, "kept p99", kept, 0.99);
            print(callers, "half run median", half, 0.5);
            print(callers, "last runs median", last, 0.5);
            print(callers, "last runs p99", last, 0.99);
        }

        private void print(int callers, String metric, List<Long> nanos, double share) {
            Collections.sort(nanos);
            double micros = nanos.get((int) (share * (nanos.size() - 1))) / 1e3;
            System.out.printf(Locale.ROOT, "%d\t%s\t%s\t%.2f%n", callers, design.title, metric, micros);
        }
    }

    /** Callers that wait for one round after the other. */
    static final class Crowd implements AutoCloseable {
        private final Thread answering = Thread.currentThread();
        private final WakeDesign design;
        private final Thread[] threads;
        private final long[] ranAt;
        private final AtomicInteger missing;
        private final WakeDesign.Assistant assistant = new WakeDesign.Assistant();
        private WakeDesign.Round round;

        Crowd(WakeDesign design, int callers) {
            this.design = design;
            this.ranAt = new long[callers];
            this.missing = new AtomicInteger(callers);
            this.threads = new Thread[callers];
            this.round = design.round(threads, assistant);
            WakeDesign.Round first = round;
            for (int i = 0; i < callers; i++) {
                int caller = i;
                threads[i] = new Thread(() -> call(first, caller), "caller-" + i);
            }
            for (Thread thread : threads) {
                thread.start();
            }
        }

        private void call(WakeDesign.Round first, int caller) {
            for (WakeDesign.Round mine = first; mine != null; mine = mine.next) {
                mine.await(caller);
                ranAt[caller] = System.nanoTime();
                if (missing.decrementAndGet() == 0) {
                    LockSupport.unpark(answering);
                }
            }
        }

        void awaitParked() {
            for (Thread thread : threads) {
                while (thread.getState() != Thread.State.WAITING) {
                    LockSupport.parkNanos(20_000);
                }
            }
            assistant.awaitParked();
        }

        /** Makes the round after the next answer. */
        void prepare() {
            round.next = design.round(threads, assistant);
        }

        /** Answers all; that they are parked matters to the measurement alone. */
        void answer() {
            WakeDesign.Round now = round;
            round = now.next == null ? now : now.next;
            now.answer();
        }

        /** Waits for the last caller: when they ran, the first of them first. */
        long[] awaitAll() {
            while (missing.get() != 0) {
                LockSupport.park(this);
            }
            missing.set(threads.length); // nobody counts before the next answer
            long[] ran = ranAt.clone();
            Arrays.sort(ran);
            return ran;
        }

        @Override
        public void close() {
            assistant.awaitParked();
            round.answer(); // there is no next one
            awaitAll();
            assistant.close();
        }
    }
}
