package io.microbatcher.cli.pipe;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Keeps the connections that no batch uses just now, and knows what the others are executing. */
final class Connections implements DataSource, AutoCloseable {
    private static final int CHECK_SECONDS = 5;
    private static final String CANCELED = "57014";

    private final Database database;
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
    private final Set<PreparedStatement> running = ConcurrentHashMap.newKeySet();
    private volatile boolean cancelled;

    Connections(Database database) {
        this.database = database;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection idling = idle.poll();
        return new Lent(idling == null ? database.connect() : idling).toUser();
    }

    /** A connection that comes back when it is closed, and one statement of it at a time. */
    private final class Lent {
        private final Connection real;
        private @Nullable PreparedStatement statement;
        private boolean isBack;

        Lent(Connection real) {
            this.real = real;
        }

        Connection toUser() {
            return (Connection) Proxy.newProxyInstance(
                    Connections.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "close" -> {
                            giveBack();
                            yield null;
                        }
                        case "prepareStatement" -> {
                            refuseIfCancelled();
                            yield run((PreparedStatement) call(method, arguments));
                        }
                        default -> call(method, arguments);
                    });
        }

        private Object call(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
            try {
                return method.invoke(real, arguments);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        }

        private PreparedStatement run(PreparedStatement prepared) {
            forget();
            statement = prepared;
            running.add(prepared);
            return prepared;
        }

        private void forget() {
            if (statement != null) {
                running.remove(statement);
            }
        }

        private void giveBack() {
            forget();
            if (!isBack) {
                isBack = true;
                idle.push(real);
            }
        }
    }

    private void refuseIfCancelled() throws SQLException {
        if (cancelled) {
            throw new SQLException("cancelled", CANCELED);
        }
    }

    /** Asks the database to give up what is executed, from another thread, and lets nothing more begin. */
    void cancel() {
        cancelled = true;
        running.forEach(Connections::cancel);
    }

    private static void cancel(PreparedStatement statement) {
        try {
            statement.cancel();
        } catch (SQLException cannot) {
            return; // not every driver can: then the batch ends in its own time
        }
    }

    /** Closes those that are of no use any more. */
    void dropBroken() {
        for (int i = idle.size(); i > 0; i--) {
            Connection connection = idle.pollLast();
            if (connection != null && isValid(connection)) {
                idle.push(connection);
            } else if (connection != null) {
                close(connection);
            }
        }
    }

    private static boolean isValid(Connection connection) {
        try {
            return connection.isValid(CHECK_SECONDS);
        } catch (SQLException broken) {
            return false;
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException gone) {
            return; // what was committed is committed
        }
    }

    @Override
    public void close() {
        for (Connection connection = idle.poll(); connection != null; connection = idle.poll()) {
            close(connection);
        }
    }

    // ---------------------------------------------------------------- nobody asks for the rest

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
