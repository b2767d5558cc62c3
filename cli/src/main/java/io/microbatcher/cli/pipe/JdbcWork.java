package io.microbatcher.cli.pipe;

import io.microbatcher.BatchProcessor;
import io.microbatcher.BatchProcessor.Answers;
import io.microbatcher.jdbc.JdbcBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Phaser;

/**
 * Executes one statement for every job of a batch, in one transaction: what {@link JdbcBatch#of} does. Here its results become
 * lines of text, and its exceptions reasons for a person.
 */
final class JdbcWork implements Work {
    /** The connection broke during a commit: see {@link JdbcBatch}. */
    private static final String IN_DOUBT = "08007";

    private final Connections connections;
    private final BatchProcessor.Streaming<Line, Integer> statements;
    private final boolean printCounts;

    /** The calls of the processor, which go on for a moment after their last answer, and this object. */
    private final Phaser calls = new Phaser(1);

    private volatile boolean aborted;

    /** Opens the first connection, to find out at once whether it and the SQL are any good. */
    JdbcWork(Database database, NamedSql sql, boolean printCounts) throws RefusedException {
        this.connections = new Connections(database);
        this.statements = JdbcBatch.of(sql.sql(), new RowBinder(sql.names())).callOn(connections);
        this.printCounts = printCounts;
        Path missing = database.fileToBeMade();
        try (Connection first = connections.getConnection()) {
            first.prepareStatement(sql.sql()).close();
        } catch (SQLException failed) {
            connections.close();
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

    private void process(List<Line> jobs, Answers<Slice> answers) throws Exception {
        if (aborted) {
            throw Aborted.before();
        }
        calls.register();
        try {
            statements.process(jobs, new Told(answers));
        } catch (SQLException failed) {
            if (aborted) {
                throw Aborted.during();
            }
            connections.dropBroken();
            throw new WorkException(
                    IN_DOUBT.equals(failed.getSQLState())
                            ? describe(failed)
                            : "the rows are not stored: " + describe(failed));
        } finally {
            calls.arriveAndDeregister();
        }
    }

    /** Tells what has become of a job. */
    private final class Told implements Answers<Integer> {
        private final Answers<Slice> answers;

        Told(Answers<Slice> answers) {
            this.answers = answers;
        }

        @Override
        public void complete(int position, Integer count) {
            answers.complete(position, result(count));
        }

        @Override
        public void fail(int position, Throwable cause) {
            answers.fail(position, cause instanceof SQLException sql ? new WorkException(describe(sql)) : cause);
        }

        @Override
        public boolean isEnded(int position) {
            return answers.isEnded(position);
        }
    }

    private Slice result(Integer count) {
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
        connections.cancel();
    }

    @Override
    public void close() {
        calls.arriveAndAwaitAdvance();
        connections.close();
    }
}
