package io.microbatcher.benchmarks.jmh;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.MpscArrayQueue;
import org.jctools.queues.MpscUnboundedArrayQueue;

/** A way from many producers to one consumer; each as plain as it can be written, without padding of its own. */
interface IntakeDesign {
    /** The most jobs that one of them, which is bounded, can hold. */
    int CAPACITY = 8_192;

    void push(Job job);

    /** Hands over the oldest jobs, at most so many: how many there were. One thread at a time. */
    int take(int most, Consumer<Job> to);

    static IntakeDesign named(String name) {
        return switch (name) {
            case "Treiber stack" -> new TreiberStack();
            case "linked MPSC" -> new LinkedMpsc();
            case "lock and deque" -> new LockAndDeque();
            case "LinkedBlockingQueue" -> new Blocking();
            case "MpscUnboundedArrayQueue" -> new OfJCTools(new MpscUnboundedArrayQueue<>(1_024));
            case "MpscArrayQueue" -> new OfJCTools(new MpscArrayQueue<>(CAPACITY));
            default -> throw new IllegalArgumentException("there is no design " + name);
        };
    }

    /** A job of 40 bytes, which is its own link where the design allows. */
    final class Job {
        final long number;
        long acceptedNanos;
        long answer;
        Job next;

        Job(long number) {
            this.number = number;
        }
    }

    /** What the core does: the stack is taken as a whole and turned round. */
    final class TreiberStack implements IntakeDesign {
        private final AtomicReference<Job> top = new AtomicReference<>();
        private Job oldest; // the consumer's

        @Override
        public void push(Job job) {
            Job seen;
            do {
                seen = top.get();
                job.next = seen;
            } while (!top.weakCompareAndSetVolatile(seen, job));
        }

        @Override
        public int take(int most, Consumer<Job> to) {
            if (oldest == null && top.get() != null) {
                Job newest = top.getAndSet(null);
                while (newest != null) {
                    Job older = newest.next;
                    newest.next = oldest;
                    oldest = newest;
                    newest = older;
                }
            }
            int taken = 0;
            while (taken < most && oldest != null) {
                Job job = oldest;
                oldest = job.next;
                job.next = null;
                to.accept(job);
                taken++;
            }
            return taken;
        }
    }

    /** Vyukov's: producers exchange the tail and link afterwards, so that the consumer may see a gap for a moment. */
    final class LinkedMpsc implements IntakeDesign {
        private static final VarHandle NEXT;

        static {
            try {
                NEXT = MethodHandles.lookup().findVarHandle(Job.class, "next", Job.class);
            } catch (ReflectiveOperationException impossible) {
                throw new ExceptionInInitializerError(impossible);
            }
        }

        private Job head = new Job(-1); // the consumer's: the last that was taken
        private final AtomicReference<Job> tail = new AtomicReference<>(head);

        @Override
        public void push(Job job) {
            NEXT.setRelease(tail.getAndSet(job), job);
        }

        @Override
        public int take(int most, Consumer<Job> to) {
            int taken = 0;
            while (taken < most) {
                Job job = (Job) NEXT.getAcquire(head);
                if (job == null) {
                    break; // empty, or its producer has not linked it yet
                }
                head.next = null;
                head = job;
                to.accept(job);
                taken++;
            }
            return taken;
        }
    }

    /** Two deques that change places under a lock. */
    final class LockAndDeque implements IntakeDesign {
        private final ReentrantLock lock = new ReentrantLock();
        private ArrayDeque<Job> incoming = new ArrayDeque<>(CAPACITY); // guarded by the lock
        private ArrayDeque<Job> outgoing = new ArrayDeque<>(CAPACITY); // the consumer's

        @Override
        public void push(Job job) {
            lock.lock();
            try {
                incoming.addLast(job);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public int take(int most, Consumer<Job> to) {
            if (outgoing.isEmpty()) {
                ArrayDeque<Job> empty = outgoing;
                lock.lock();
                try {
                    outgoing = incoming;
                    incoming = empty;
                } finally {
                    lock.unlock();
                }
            }
            return poll(outgoing, most, to);
        }
    }

    /** The queue that one takes without thinking. */
    final class Blocking implements IntakeDesign {
        private final LinkedBlockingQueue<Job> queue = new LinkedBlockingQueue<>();
        private final List<Job> run = new ArrayList<>(); // the consumer's

        @Override
        public void push(Job job) {
            queue.add(job);
        }

        @Override
        public int take(int most, Consumer<Job> to) {
            run.clear();
            int taken = queue.drainTo(run, most);
            for (int i = 0; i < taken; i++) {
                to.accept(run.get(i));
            }
            return taken;
        }
    }

    /** A queue of JCTools, which pads its ends. */
    final class OfJCTools implements IntakeDesign {
        private final MessagePassingQueue<Job> queue;

        OfJCTools(MessagePassingQueue<Job> queue) {
            this.queue = queue;
        }

        @Override
        public void push(Job job) {
            if (!queue.offer(job)) {
                throw new IllegalStateException("more than " + CAPACITY + " jobs are in flight");
            }
        }

        @Override
        public int take(int most, Consumer<Job> to) {
            int taken = 0;
            for (Job job; taken < most && (job = queue.relaxedPoll()) != null; taken++) {
                to.accept(job);
            }
            return taken;
        }
    }

    private static int poll(Queue<Job> queue, int most, Consumer<Job> to) {
        int taken = 0;
        for (Job job; taken < most && (job = queue.poll()) != null; taken++) {
            to.accept(job);
        }
        return taken;
    }
}
