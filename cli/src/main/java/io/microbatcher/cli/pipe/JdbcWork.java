package io.microbatcher.cli.pipe;

import io.microbatcher.BatchProcessor;
import io.microbatcher.BatchProcessor.Answers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Phaser;
import org.jspecify.annotations.Nullable;

/**
 * Executes one statement for every job of a batch, in one transaction.
 *
 * <p>When that fails it is rolled back, and each half of the jobs is tried again in a transaction of its own, and so on:
 * in the end only those fail that fail alone, after about as many transactions for each as the batch can be halved. When
 * the connection breaks during the commit nobody knows whether the rows are there, so nothing is tried again, and all of
 * them fail with a reason that says so.
 */
final class JdbcWork implements Work {
    private final Database database;
    private final NamedSql sql;
    private final boolean printCounts;
    private final Deque<Session> idle = new ConcurrentLinkedDeque<>();
    private final Set<Session> busy = ConcurrentHashMap.newKeySet();

    /** The calls of the processor, which go on for a moment after their last answer, and this object. */
    private final Phaser calls = new Phaser(1);

    private volatile boolean aborted;

    /** Opens the first connection, to find out at once whether it and the SQL are any good. */
    JdbcWork(Database database, NamedSql sql, boolean printCounts) throws RefusedException {
        this.database = database;
        this.sql = sql;
        this.printCounts = printCounts;
        Path missing = database.fileToBeMade();
        try {
            idle.push(Session.open(database, sql));
        } catch (SQLException failed) {
            throw RefusedException.usage("the database refuses the connection or the SQL: " + describe(failed)
                    + (missing == null
                            ? ""
                            : "; there is no file " + missing + ": is that the right name?" + undo(missing)));
        }
    }

    /** Deletes the empty file that SQLite makes of a name that was mistyped. */
    private static String undo(Path made) {
        try {
            if (Files.exists(made) && Files.size(made) == 0) {
                Files.delete(made);
            }
            return "";
        } catch (IOException stays) {
            return " An empty one was made";
        }
    }

    @Override
    public BatchProcessor<Line, Slice> processor() {
        return BatchProcessor.streaming(this::process);
    }

    private void process(List<? extends Line> jobs, Answers<? super Slice> answers) throws WorkException, Aborted {
        if (aborted) {
            throw Aborted.before();
        }
        calls.register();
        try {
            use(session(), jobs, answers);
        } finally {
            calls.arriveAndDeregister();
        }
    }

    private void use(Session session, List<? extends Line> jobs, Answers<? super Slice> answers)
            throws WorkException, Aborted {
        busy.add(session);
        boolean usable = false;
        try {
            usable = process(session, rows(session, jobs, answers), answers);
        } finally {
            busy.remove(session);
            if (usable) {
                idle.push(session);
            } else {
                session.close();
            }
        }
    }

    private Session session() throws WorkException {
        Session session = idle.poll();
        if (session != null) {
            return session;
        }
        try {
            return Session.open(database, sql);
        } catch (SQLException failed) {
            throw new WorkException("no connection to the database: " + describe(failed));
        }
    }

    /** The values of one job. */
    private record Bound(int position, List<@Nullable Object> values) {
        @Nullable
        Object[] array() {
            return values.toArray();
        }
    }

    private static List<Bound> rows(Session session, List<? extends Line> jobs, Answers<? super Slice> answers) {
        List<Bound> rows = new ArrayList<>(jobs.size());
        for (int i = 0; i < jobs.size(); i++) {
            try {
                Row row = Objects.requireNonNull(jobs.get(i).row);
                rows.add(new Bound(i, java.util.Arrays.asList(session.values(row))));
            } catch (UnfitException why) {
                answers.fail(i, why);
            }
        }
        return rows;
    }

    /** Whether the session can be used on. */
    private boolean process(Session session, List<Bound> rows, Answers<? super Slice> answers)
            throws WorkException, Aborted {
        if (rows.isEmpty()) {
            return true;
        }
        boolean committing = false;
        try {
            int[] counts = session.execute(rows.stream().map(Bound::array).toList());
            committing = true;
            session.commit();
            for (int i = 0; i < counts.length; i++) {
                answers.complete(rows.get(i).position(), result(counts[i]));
            }
            return true;
        } catch (SQLException failed) {
            boolean usable = session.rollback();
            if (aborted) {
                throw Aborted.during();
            }
            if (committing && !usable) {
                throw new WorkException(
                        "the connection broke during the commit, the rows may be stored or not: " + describe(failed));
            }
            if (!usable) {
                throw new WorkException(
                        "the connection broke before the commit, the rows are not stored: " + describe(failed));
            }
            return rows.size() == 1 ? failAlone(rows.get(0), failed, answers) : halves(session, rows, answers);
        }
    }

    private boolean halves(Session session, List<Bound> rows, Answers<? super Slice> answers)
            throws WorkException, Aborted {
        if (aborted) {
            throw Aborted.before();
        }
        int middle = rows.size() / 2;
        return process(session, rows.subList(0, middle), answers)
                && process(session, rows.subList(middle, rows.size()), answers);
    }

    private static boolean failAlone(Bound row, SQLException why, Answers<? super Slice> answers) {
        answers.fail(row.position(), new WorkException(describe(why)));
        return true;
    }

    private Slice result(int count) {
        if (!printCounts) {
            return Slice.NONE;
        }
        String text = count == Statement.SUCCESS_NO_INFO ? "?" : Integer.toString(count);
        return Slice.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String describe(SQLException failed) {
        SQLException next = failed.getNextException(); // what a batch's own exception hides
        String text = Reasons.oneLine((next == null ? failed : next).getMessage());
        return failed.getSQLState() == null ? text : text + " (SQL state " + failed.getSQLState() + ")";
    }

    @Override
    public void abort() {
        aborted = true;
        busy.forEach(Session::cancel);
    }

    @Override
    public void close() {
        calls.arriveAndAwaitAdvance();
        for (Session session = idle.poll(); session != null; session = idle.poll()) {
            session.close();
        }
    }
}
