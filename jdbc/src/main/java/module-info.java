/** Micro-batched SQL: processors over a {@link javax.sql.DataSource}. */
module io.microbatcher.jdbc {
    requires transitive io.microbatcher;
    requires transitive java.sql;
    requires static org.jspecify;

    exports io.microbatcher.jdbc;
}
