package io.microbatcher.cli.pipe;

import io.microbatcher.BatchProcessor;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs a command of the shell once for each batch: jobs on its standard input, a line back for each. */
final class ExecWork implements Work {
    private final String command;
    private final boolean sink;
    private final int maxLineBytes;
    private final Window window;
    private final Output output;
    private final Screen screen;
    private final Course course;

    private final Set<Command> running = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(daemons());

    /** What the shell said of a command that it could not run: it says so again for every batch. */
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    private volatile boolean aborted;

    ExecWork(
            String command,
            boolean sink,
            int maxLineBytes,
            Window window,
            Output output,
            Screen screen,
            Course course) {
        this.command = command;
        this.sink = sink;
        this.maxLineBytes = maxLineBytes;
        this.window = window;
        this.output = output;
        this.screen = screen;
        this.course = course;
    }

    @Override
    public BatchProcessor<Line, Slice> processor() {
        return this::process;
    }

    private List<Slice> process(List<Line> jobs) throws WorkException, Aborted {
        if (aborted) {
            throw Aborted.before();
        }
        Command batch = Command.start(command, threads, screen, said);
        running.add(batch);
        try {
            if (aborted) {
                batch.kill(); // the abort may not have seen it
            }
            batch.feed(jobs);
            return sink ? consume(batch, jobs.size()) : answers(batch, jobs.size());
        } catch (WorkException failed) {
            if (aborted) {
                throw Aborted.during();
            }
            throw failed;
        } finally {
            running.remove(batch);
        }
    }

    private List<Slice> answers(Command batch, int jobs) throws WorkException {
        Reply reply = new Reply(jobs, maxLineBytes);
        batch.read(reply);
        batch.await();
        List<Slice> lines = reply.lines();
        if (reply.surplus() > 0) {
            course.surplus(
                    reply.surplus(),
                    "the command printed " + Amounts.count(jobs + reply.surplus(), "line") + " for "
                            + Amounts.count(jobs, "job")
                            + ", and must print one for each; use --exec-sink for a command whose output is no"
                            + " result");
        }
        window.charge(reply.bytes());
        return lines;
    }

    private List<Slice> consume(Command batch, int jobs) throws WorkException {
        batch.pass(output, course);
        batch.await();
        return Collections.nCopies(jobs, Slice.NONE);
    }

    @Override
    public void abort() {
        aborted = true;
        running.forEach(Command::kill);
    }

    @Override
    public void close() {
        threads.shutdown();
        // what commands printed to the standard error comes before the summary, unless something they left behind holds
        // it
        Uninterruptibly.get(() -> threads.awaitTermination(1, TimeUnit.SECONDS));
    }

    private static ThreadFactory daemons() {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "command-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
