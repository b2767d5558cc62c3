package io.microbatcher.jdbc;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** Keeps connections, and books of what is done with them: who has one, what is prepared, what is called. */
final class Pool implements DataSource, AutoCloseable {
    private final Opener opener;
    private final boolean autoCommit;
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger borrowed = new AtomicInteger();

    /** The SQL that was prepared, in order. */
    final List<String> prepared = new CopyOnWriteArrayList<>();

    /** The methods of connections that were called, in order. */
    final List<String> called = new CopyOnWriteArrayList<>();

    /** Runs after each execution of a prepared statement, when the database has done what it was asked for. */
    volatile Step afterExecute = () -> {};

    /** Runs before each commit. */
    volatile Step beforeCommit = () -> {};

    /** Runs after each commit. */
    volatile Step afterCommit = () -> {};

    interface Step {
        void run() throws SQLException;
    }

    interface Opener {
        Connection open() throws SQLException;
    }

    Pool(Opener opener) {
        this(opener, true);
    }

    private Pool(Opener opener, boolean autoCommit) {
        this.opener = opener;
        this.autoCommit = autoCommit;
    }

    /** As {@link #Pool(Opener)}, with connections whose auto-commit is off. */
    static Pool withoutAutoCommit(Opener opener) {
        return new Pool(
                () -> {
                    Connection connection = opener.open();
                    connection.setAutoCommit(false);
                    return connection;
                },
                false);
    }

    int borrowed() {
        return borrowed.get();
    }

    void forget() {
        prepared.clear();
        called.clear();
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection idling = idle.poll();
        Connection real = idling == null ? opener.open() : idling;
        borrowed.incrementAndGet();
        boolean[] closed = {false};
        return (Connection) Proxy.newProxyInstance(
                Pool.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    called.add(method.getName());
                    if (method.getName().equals("close")) {
                        if (!closed[0]) {
                            closed[0] = true;
                            giveBack(real);
                        }
                        return null;
                    }
                    if (method.getName().equals("commit")) {
                        beforeCommit.run();
                    }
                    if (method.getName().equals("prepareStatement")) {
                        prepared.add((String) arguments[0]);
                    }
                    try {
                        Object result = method.invoke(real, arguments);
                        if (method.getName().equals("commit")) {
                            afterCommit.run();
                        }
                        return result instanceof PreparedStatement statement ? watched(statement) : result;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private PreparedStatement watched(PreparedStatement real) {
        return (PreparedStatement) Proxy.newProxyInstance(
                Pool.class.getClassLoader(), new Class<?>[] {PreparedStatement.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(real, arguments);
                        if (method.getName().startsWith("execute")) {
                            afterExecute.run();
                        }
                        return result;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private void giveBack(Connection real) throws SQLException {
        borrowed.decrementAndGet();
        if (!real.isClosed() && real.isValid(10)) {
            if (real.getAutoCommit() != autoCommit) {
                throw new AssertionError(
                        "a connection came back with another auto-commit: " + Arrays.toString(called.toArray()));
            }
            idle.push(real);
        } else {
            real.close();
        }
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection = idle.poll(); connection != null; connection = idle.poll()) {
            connection.close();
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public PrintWriter getLogWriter() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setLogWriter(PrintWriter out) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setLoginTimeout(int seconds) {
        throw new UnsupportedOperationException();
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
