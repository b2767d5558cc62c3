package io.microbatcher.benchmarks.soak;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/** A database server that runs for the soak alone. */
interface Database extends AutoCloseable {
    /** What it is, for the page. */
    String title();

    /** Opens a connection that {@link #killOne()} may kill. */
    Connection connect() throws SQLException;

    /** Opens a connection that is never killed. */
    Connection connectSafely() throws SQLException;

    /** Ends one of the connections from the server's side; whether there was one. */
    boolean killOne() throws SQLException;

    @Override
    void close() throws IOException, SQLException;

    static Database named(String name) throws IOException, SQLException {
        return switch (name) {
            case "postgresql" -> PostgreSql.start();
            case "h2" -> new H2();
            default -> throw new IllegalArgumentException("no database '" + name + "'; there are postgresql and h2");
        };
    }
}
