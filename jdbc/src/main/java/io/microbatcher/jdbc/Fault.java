package io.microbatcher.jdbc;

import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** Who is to blame for a failure, which decides what is done about it. */
enum Fault {
    /** One of the rows, or several: they are looked for. */
    ROW,
    /** Chance: another transaction was in the way. The batch is tried again. */
    CHANCE,
    /** The connection is gone, and the transaction with it. */
    CONNECTION,
    /** None of the rows: the statement itself, the database, or a limit of time. Looking for a row would be in vain. */
    ALL;

    /** "Transaction resolution unknown": the commit may have taken place or not. */
    static final String IN_DOUBT = "08007";

    /** A server that shuts down, has crashed, does not accept connections yet, or ends a session that was idle. */
    private static final Set<String> SESSION_ENDED = Set.of("57P01", "57P02", "57P03", "57P05");

    /** PostgreSQL's "lock not available": it was not to be had in time. */
    private static final String LOCKED = "55P03";

    /** "Statement completion unknown": of class 40, but what it was about may have been committed. */
    private static final String COMPLETION_UNKNOWN = "40003";

    /** A number out of its range, a text that is no value of its type: a cast may be to the type of yesterday. */
    private static final Set<String> WRONG_CAST = Set.of("22003", "22P02");

    /** A statement that is wrong for every row: its syntax, its tables, its columns. */
    private static final Set<String> WRONG_STATEMENT = Set.of("42601", "42P01", "42703", "42S02", "42S22", "42000");

    /** Resources, limits of time, read-only transactions, authorization, names of databases, errors of the server. */
    private static final Set<String> CLASSES_OF_ALL =
            Set.of("0A", "25", "26", "28", "3D", "3F", "53", "57", "58", "F0", "HY", "XX");

    private static final int H2_CONCURRENT_UPDATE = 90131;
    private static final int H2_LOCK_TIMEOUT = 50200;
    private static final Set<Integer> H2_CLOSED = Set.of(90007, 90067, 90098, 90121);
    private static final int MYSQL_DEADLOCK = 1213;
    private static final int MYSQL_LOCK_TIMEOUT = 1205;
    private static final int SQLITE_BUSY = 5;
    private static final int SQLITE_LOCKED = 6;
    private static final int SQLITE_CONSTRAINT = 19;

    /** SQLite's codes for memory, disk, files, corruption, misuse and the like. */
    private static final Set<Integer> SQLITE_ALL = Set.of(7, 8, 9, 10, 11, 13, 14, 15, 17, 21, 23, 26);

    static Fault of(Throwable failure) {
        if (failure instanceof UnpreparedException) {
            return ALL;
        }
        if (!(failure instanceof SQLException thrown)) {
            return failure instanceof RuntimeException ? ROW : ALL;
        }
        SQLException told = telling(thrown);
        String state = told.getSQLState();
        return state == null ? byCode(told, told.getErrorCode() & 0xff) : byState(told, state, told.getErrorCode());
    }

    /** Whether it may be that the table is not what it was when its columns were looked up. */
    static boolean isOfTable(Throwable failure) {
        if (!(failure instanceof SQLException thrown)) {
            return false;
        }
        String state = String.valueOf(telling(thrown).getSQLState());
        return of(thrown) == ALL || state.startsWith("42") || WRONG_CAST.contains(state);
    }

    /** The exception of a batch may say nothing itself, and another one that follows it all. */
    private static SQLException telling(SQLException failure) {
        SQLException next = failure.getNextException();
        return failure.getSQLState() == null && failure.getErrorCode() == 0 && next != null ? next : failure;
    }

    private static Fault byState(SQLException told, String state, int code) {
        if (state.startsWith("08")
                || state.equals(COMPLETION_UNKNOWN)
                || SESSION_ENDED.contains(state)
                || told instanceof SQLNonTransientConnectionException
                || told instanceof SQLTransientConnectionException
                || told instanceof SQLRecoverableException
                || H2_CLOSED.contains(code)) {
            return CONNECTION;
        }
        if (state.startsWith("40")
                || told instanceof SQLTransactionRollbackException
                || state.equals(LOCKED)
                || code == H2_LOCK_TIMEOUT
                || code == H2_CONCURRENT_UPDATE
                || code == MYSQL_DEADLOCK
                || code == MYSQL_LOCK_TIMEOUT) {
            return CHANCE;
        }
        return isOfAll(told) || WRONG_STATEMENT.contains(state) || CLASSES_OF_ALL.contains(state.substring(0, 2))
                ? ALL
                : ROW;
    }

    private static Fault byCode(SQLException told, int code) {
        if (told instanceof SQLNonTransientConnectionException
                || told instanceof SQLTransientConnectionException
                || told instanceof SQLRecoverableException) {
            return CONNECTION;
        }
        if (told instanceof SQLTransactionRollbackException || code == SQLITE_BUSY || code == SQLITE_LOCKED) {
            return CHANCE;
        }
        return isOfAll(told) || SQLITE_ALL.contains(code) ? ALL : ROW;
    }

    private static boolean isOfAll(SQLException told) {
        return told instanceof SQLSyntaxErrorException
                || told instanceof SQLTimeoutException
                || told instanceof SQLFeatureNotSupportedException;
    }

    /**
     * Whether this is the database's own word that it has refused what it was asked for. What has no state may come from
     * anything between here and the database, and after the deed.
     */
    static boolean isRefusal(Throwable failure) {
        if (!(failure instanceof SQLException thrown)) {
            return false;
        }
        SQLException told = telling(thrown);
        return of(thrown) == ROW && (told.getSQLState() != null || (told.getErrorCode() & 0xff) == SQLITE_CONSTRAINT);
    }

    /** Says of a transaction whose end failed that nobody knows how it has ended. */
    static SQLException inDoubt(Exception broken) {
        SQLException told = new SQLNonTransientConnectionException(
                "the commit broke off, the rows may be stored or not: " + broken.getMessage(),
                IN_DOUBT,
                broken instanceof SQLException thrown ? thrown.getErrorCode() : 0,
                broken);
        for (Throwable suppressed : broken.getSuppressed()) {
            told.addSuppressed(suppressed);
        }
        return told;
    }
}
