package io.microbatcher.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table as the database knows it: its real names, quoted, so that SQL is made of nothing that a user has written.
 *
 * @param dialect the database
 * @param given the name that the user gave
 * @param quoted the name for SQL
 * @param columns its columns in order
 * @param takesMerge whether PostgreSQL's MERGE can write to it and tell what it wrote
 */
record Table(Dialect dialect, TableName given, String quoted, List<TableColumn> columns, boolean takesMerge) {
    /** MERGE … RETURNING came with this version. */
    private static final int MERGE_RETURNS = 17;

    private static final String POSTGRESQL_COLUMNS = """
            SELECT n.nspname, c.relname, a.attname, format_type(b.oid, -1), b.typname,
                   coalesce(k.collisdeterministic, true) AND b.typname <> 'bpchar',
                   c.relkind IN ('r', 'p') AND NOT c.relhasrules
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            JOIN pg_catalog.pg_type b ON b.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
            LEFT JOIN pg_catalog.pg_collation k ON k.oid = a.attcollation
            WHERE c.oid = coalesce(to_regclass(?), to_regclass(?))
            ORDER BY a.attnum
            """;

    static Table read(Connection connection, TableName name) throws SQLException {
        DatabaseMetaData database = connection.getMetaData();
        Dialect dialect = Dialect.of(database);
        Table table =
                dialect == Dialect.POSTGRESQL ? readCatalog(connection, name) : readMetaData(connection, dialect, name);
        if (table == null) {
            throw new IllegalStateException("there is no table " + name + " in the " + database.getDatabaseProductName()
                    + " database, or not for this user");
        }
        return table;
    }

    private static @Nullable Table readCatalog(Connection connection, TableName name) throws SQLException {
        String exact = quoted(name.parts(), "\"");
        try (PreparedStatement statement = connection.prepareStatement(POSTGRESQL_COLUMNS)) {
            statement.setString(1, exact);
            statement.setString(2, exact.toLowerCase(Locale.ROOT));
            try (ResultSet rows = statement.executeQuery()) {
                List<TableColumn> columns = new ArrayList<>();
                String quoted = "";
                boolean takesMerge = false;
                while (rows.next()) {
                    // without a schema it stays without one: each connection has a search path of its own
                    List<String> real = name.parts().size() == 1
                            ? List.of(rows.getString(2))
                            : List.of(rows.getString(1), rows.getString(2));
                    quoted = quoted(real, "\"");
                    takesMerge =
                            rows.getBoolean(7) && connection.getMetaData().getDatabaseMajorVersion() >= MERGE_RETURNS;
                    String column = rows.getString(3);
                    columns.add(new TableColumn(
                            column, quoted(column, "\""), rows.getString(4), rows.getString(5), rows.getBoolean(6)));
                }
                return columns.isEmpty() ? null : new Table(Dialect.POSTGRESQL, name, quoted, columns, takesMerge);
            }
        }
    }

    private static @Nullable Table readMetaData(Connection connection, Dialect dialect, TableName name)
            throws SQLException {
        DatabaseMetaData database = connection.getMetaData();
        List<String> parts = name.parts();
        String qualifier = parts.size() > 1 ? parts.get(parts.size() - 2) : null;
        boolean byCatalog = dialect == Dialect.MYSQL;
        String catalog = byCatalog && qualifier != null ? qualifier : connection.getCatalog();
        String quote = database.getIdentifierQuoteString();
        for (String schema :
                byCatalog || dialect == Dialect.SQLITE ? new String[1] : spellings(qualifier, connection)) {
            for (String table : spellings(name.table())) {
                Map<String, List<TableColumn>> found = columns(database, catalog, schema, table, quote);
                List<TableColumn> columns = found.get(table);
                if (columns != null) {
                    List<String> real = new ArrayList<>(parts.subList(0, parts.size() - 1));
                    if (schema != null && !real.isEmpty()) {
                        real.set(real.size() - 1, schema);
                    }
                    real.add(table);
                    return new Table(dialect, name, quoted(real, quote), columns, false);
                }
            }
        }
        return null;
    }

    /** As it was given, and as a database would store it that was not given it in quotes. */
    private static Set<String> spellings(String name) {
        Set<String> spellings = new LinkedHashSet<>();
        spellings.add(name);
        spellings.add(name.toUpperCase(Locale.ROOT));
        spellings.add(name.toLowerCase(Locale.ROOT));
        return spellings;
    }

    private static @Nullable String[] spellings(@Nullable String schema, Connection connection) throws SQLException {
        return schema == null
                ? new @Nullable String[] {connection.getSchema()}
                : spellings(schema).toArray(new @Nullable String[0]);
    }

    /** By table, since the name is a pattern: in {@code a_b} the underscore matches any character. */
    private static Map<String, List<TableColumn>> columns(
            DatabaseMetaData database, @Nullable String catalog, @Nullable String schema, String table, String quote)
            throws SQLException {
        Map<String, List<TableColumn>> columns = new LinkedHashMap<>();
        Map<String, String> homes = new HashMap<>();
        try (ResultSet rows = database.getColumns(catalog, schema, table, null)) {
            while (rows.next()) {
                String column = rows.getString("COLUMN_NAME");
                String base = integer(rows.getInt("DATA_TYPE"));
                String home = rows.getString("TABLE_SCHEM");
                String found = rows.getString("TABLE_NAME");
                String wanted = schema != null ? schema : homes.computeIfAbsent(found, any -> home == null ? "" : home);
                if (home != null && !home.equals(wanted)) {
                    continue; // a schema's name is a pattern as well, and none at all matches every one
                }
                columns.computeIfAbsent(found, any -> new ArrayList<>())
                        .add(new TableColumn(column, quoted(column, quote), "", base, true));
            }
        }
        return columns;
    }

    private static String integer(int type) {
        return switch (type) {
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER -> "int4";
            case Types.BIGINT -> "int8";
            default -> "";
        };
    }

    private static String quoted(List<String> names, String quote) {
        return names.stream().map(name -> quoted(name, quote)).collect(Collectors.joining("."));
    }

    private static String quoted(String name, String quote) {
        if (!quote.isBlank()) {
            return quote + name.replace(quote, quote + quote) + quote;
        }
        if (!name.matches("\\w+")) {
            throw new IllegalStateException("the database quotes no names, and '" + name + "' would need it");
        }
        return name;
    }

    /** The column that a job's value goes to. */
    TableColumn column(Column<?> column) {
        TableColumn found = find(column.name());
        if (found == null && column.isComponent()) {
            found = find(TableColumn.snake(column.name()));
        }
        return found == null ? complain(column.name()) : found;
    }

    TableColumn column(String name) {
        TableColumn found = find(name);
        return found == null ? complain(name) : found;
    }

    private @Nullable TableColumn find(String name) {
        TableColumn ignoringCase = null;
        for (TableColumn column : columns) {
            if (column.name().equals(name)) {
                return column;
            }
            if (column.name().equalsIgnoreCase(name)) {
                ignoringCase = column;
            }
        }
        return ignoringCase;
    }

    private TableColumn complain(String name) {
        throw new IllegalStateException("the table " + given + " has no column " + name + "; it has "
                + columns.stream().map(TableColumn::name).collect(Collectors.joining(", ")));
    }
}
