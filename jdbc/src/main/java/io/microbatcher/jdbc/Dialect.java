package io.microbatcher.jdbc;

import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Locale;

/** The databases whose ways are known; whatever else there is gets the plainest SQL. */
enum Dialect {
    POSTGRESQL,
    H2,
    SQLITE,
    /** MySQL and MariaDB. */
    MYSQL,
    OTHER;

    static Dialect of(DatabaseMetaData database) throws SQLException {
        return switch (database.getDatabaseProductName().toLowerCase(Locale.ROOT)) {
            case "postgresql" -> POSTGRESQL;
            case "h2" -> H2;
            case "sqlite" -> SQLITE;
            case "mysql", "mariadb" -> MYSQL;
            default -> OTHER;
        };
    }

    /** The most values in an IN list, a power of two: Oracle takes a thousand. Those that are known take more. */
    int longestList() {
        return this == OTHER ? 512 : 4096;
    }
}
