package io.microbatcher.benchmarks.jmh;

import io.microbatcher.benchmarks.jmh.IntakeDesign.Job;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.Control;

/**
 * Designs of the way in: producers that count and push jobs in bursts of {@value #BURST}, up to {@value #IN_FLIGHT} in
 * flight, and one consumer that takes runs of up to {@value #RUN} and touches each job. Bursts are timed without the
 * wait for room.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class IntakeDesigns {
    public static final int BURST = 64;
    public static final int RUN = 128;
    public static final int IN_FLIGHT = 4_096;

    /** A run that took longer than this has lost its processor to another thread. */
    private static final long LOST_NANOS = 1_000_000;

    /** The queue, and the count before it. */
    @State(Scope.Group)
    public static class Way {
        @Param({
            "Treiber stack",
            "linked MPSC",
            "lock and deque",
            "LinkedBlockingQueue",
            "MpscUnboundedArrayQueue",
            "MpscArrayQueue"
        })
        public String design;

        private final AtomicLong pending = new AtomicLong();
        private IntakeDesign queue;
        private long room;

        @Setup
        public void open(BenchmarkParams parameters) {
            queue = IntakeDesign.named(design);
            room = IN_FLIGHT - (long) BURST * (parameters.getThreads() - 1);
        }

        /** As a batcher admits: a compare-and-set, since it must not count what it refuses. */
        private void admit() {
            long seen;
            do {
                seen = pending.get();
            } while (!pending.compareAndSet(seen, seen + 1));
        }
    }

    /** How long bursts took: a histogram in nanoseconds for each job. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Producer {
        private static final int BUCKETS = 1 << 14;

        public long bursts;
        public long pushNanos;

        private final int[] histogram = new int[BUCKETS];
        private long number;

        @Setup(Level.Iteration)
        public void begin() {
            Arrays.fill(histogram, 0);
        }

        private void took(long nanos) {
            histogram[(int) Math.min(BUCKETS - 1, nanos / BURST)]++;
            bursts++;
            pushNanos += nanos;
        }

        /** The median, times how many bursts there were: JMH adds up, and a thread may not have run at all. */
        public double weightedMedianNanos() {
            long left = bursts / 2;
            int bucket = 0;
            while (bucket < BUCKETS - 1 && left >= histogram[bucket]) {
                left -= histogram[bucket++];
            }
            return (bucket + 0.5) * bursts;
        }
    }

    /** What the consumer has seen. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Consumer {
        public long taken;

        /** How many of them in runs in which the consumer kept its processor, and how long those runs took. */
        public long takenTimed;

        public long takeNanos;
        private long sum;

        private void touch(Job job) {
            sum += job.number;
            job.answer = sum;
        }
    }

    @Benchmark
    @Group("way")
    public void produce(Way way, Producer producer, Control control) {
        while (way.pending.get() > way.room) {
            if (control.stopMeasurement) {
                return; // nobody makes room any more
            }
            pause();
        }
        long begin = System.nanoTime();
        for (int i = 0; i < BURST; i++) {
            Job job = new Job(producer.number++);
            way.admit();
            way.queue.push(job);
        }
        producer.took(System.nanoTime() - begin);
    }

    @Benchmark
    @Group("way")
    public long consume(Way way, Consumer consumer) {
        long begin = System.nanoTime();
        int taken = way.pending.get() == 0 ? 0 : way.queue.take(RUN, consumer::touch);
        if (taken == 0) {
            pause();
        } else {
            long nanos = System.nanoTime() - begin;
            if (nanos < LOST_NANOS) {
                consumer.takenTimed += taken;
                consumer.takeNanos += nanos;
            }
            consumer.taken += taken;
            way.pending.addAndGet(-taken);
        }
        return consumer.sum;
    }

    @SuppressWarnings("ThreadPriorityCheck") // there are more threads than processors
    private static void pause() {
        Thread.yield();
    }
}
