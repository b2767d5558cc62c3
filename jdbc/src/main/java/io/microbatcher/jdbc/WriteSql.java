package io.microbatcher.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes statements that change the rows of a table. Every name in them is the database's own, in quotes; every value is a
 * parameter. The text depends on the columns alone, so that a driver that keeps prepared statements has few to keep.
 *
 * <p>With arrays, {@code s} is the source of the rows: its columns are {@code c1}, {@code c2} and so on, and {@code ord}, the
 * position of a row in the batch, beginning with 1.
 */
final class WriteSql {
    private final Table table;
    private final List<TableColumn> columns;
    private final List<TableColumn> keys;
    private final List<TableColumn> others;

    WriteSql(Table table, List<TableColumn> columns, List<TableColumn> keys) {
        this.table = table;
        this.columns = columns;
        this.keys = keys;
        this.others = columns.stream().filter(column -> !keys.contains(column)).toList();
    }

    // ---------------------------------------------------------------- a row

    String insert() {
        return "INSERT INTO " + table.quoted() + " (" + names(columns) + ") VALUES ("
                + list(columns, TableColumn::parameter) + ")";
    }

    String upsert() {
        return switch (table.dialect()) {
            case POSTGRESQL, SQLITE -> insert() + onConflict();
            case H2 ->
                "MERGE INTO " + table.quoted() + " (" + names(columns) + ") KEY (" + names(keys) + ") VALUES ("
                        + list(columns, TableColumn::parameter) + ")";
            case MYSQL ->
                insert() + " ON DUPLICATE KEY UPDATE "
                        + list(changed(), column -> column.quoted() + " = VALUES(" + column.quoted() + ")");
            case OTHER ->
                throw new UnsupportedOperationException(
                        "how to upsert is known of PostgreSQL, H2, SQLite, MySQL and MariaDB; elsewhere use"
                                + " JdbcBatch.of with the database's own statement");
        };
    }

    /** {@link #inUpdate()} tells the order of its parameters. */
    String update() {
        return "UPDATE " + table.quoted() + " SET " + list(others, WriteSql::toParameter) + where();
    }

    /** The columns of {@link #update()} in the order of its parameters. */
    List<TableColumn> inUpdate() {
        List<TableColumn> order = new ArrayList<>(others);
        order.addAll(keys);
        return order;
    }

    String delete() {
        return "DELETE FROM " + table.quoted() + where();
    }

    private String where() {
        return keys.stream().map(WriteSql::toParameter).collect(Collectors.joining(" AND ", " WHERE ", ""));
    }

    private static String toParameter(TableColumn column) {
        return column.quoted() + " = " + column.parameter();
    }

    private String onConflict() {
        return " ON CONFLICT (" + names(keys) + ") DO UPDATE SET "
                + list(changed(), column -> column.quoted() + " = EXCLUDED." + column.quoted());
    }

    /** A row that is nothing but its key is changed to itself, so that it counts as one that was written. */
    private List<TableColumn> changed() {
        return others.isEmpty() ? keys : others;
    }

    // ---------------------------------------------------------------- many, in PostgreSQL

    String insertMany() {
        return "INSERT INTO " + table.quoted() + " (" + names(columns) + ") SELECT " + list(columns, this::sourced)
                + " FROM " + source(false);
    }

    String upsertMany() {
        return insertMany() + onConflict();
    }

    /** Tells the key of each row, in any order. */
    String insertManyReturning(TableColumn key) {
        return "MERGE INTO " + table.quoted() + " AS t USING " + source(true)
                + " ON false WHEN NOT MATCHED THEN INSERT (" + names(columns) + ") VALUES ("
                + list(columns, this::sourced) + ") RETURNING s.ord, t." + key.quoted();
    }

    /** Tells the position of the job for each row that is changed, in any order. */
    String updateMany() {
        return "UPDATE " + table.quoted() + " AS t SET "
                + list(others, column -> column.quoted() + " = " + sourced(column)) + " FROM " + source(true)
                + whereSourced();
    }

    String deleteMany() {
        return "DELETE FROM " + table.quoted() + " AS t USING " + source(true) + whereSourced();
    }

    private String whereSourced() {
        return keys.stream()
                .map(key -> "t." + key.quoted() + " = " + sourced(key))
                .collect(Collectors.joining(" AND ", " WHERE ", " RETURNING s.ord"));
    }

    private String source(boolean positions) {
        String names =
                IntStream.rangeClosed(1, columns.size()).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
        return "unnest(" + list(columns, column -> "?::" + Carrier.of(column).element + "[]") + ")"
                + (positions ? " WITH ORDINALITY AS s(" + names + ", ord)" : " AS s(" + names + ")");
    }

    private String sourced(TableColumn column) {
        String name = "s.c" + (columns.indexOf(column) + 1);
        return Carrier.of(column) == Carrier.TEXT && !column.base().equals("text") ? name + "::" + column.type() : name;
    }

    // ----------------------------------------------------------------

    private static String names(List<TableColumn> columns) {
        return list(columns, TableColumn::quoted);
    }

    private static String list(List<TableColumn> columns, Function<TableColumn, String> each) {
        return columns.stream().map(each).collect(Collectors.joining(", "));
    }
}
