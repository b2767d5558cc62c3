package io.microbatcher.jdbc;

import java.lang.reflect.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the rows of many keys at once, equal keys once. In PostgreSQL the keys are one array; elsewhere they are a list
 * whose length is a power of two, padded with its last key, so that there are few different statements to keep.
 *
 * <p>Rows find their jobs by their key. The database may take keys for equal that differ in Java, as with texts whose case is
 * ignored. Then a row comes back with a key that nobody has asked for, or keys are left of which the row went to an equal one:
 * those without a row are looked up one by one.
 */
final class FindPlan<K, R> implements Plan<K, @Nullable R> {
    private final Table table;
    private final TableColumn key;
    private final Class<K> keyType;
    private final RowReader<R> reader;
    private final String select;
    private final int keyIndex;

    /** The columns of a row, and what is made of them. */
    record RowReader<R>(List<TableColumn> columns, JdbcBatch.RowMapper<? extends R> mapper) {}

    FindPlan(Table table, TableColumn key, Class<K> keyType, RowReader<R> reader) {
        this.table = table;
        this.key = key;
        this.keyType = keyType;
        this.reader = reader;
        this.keyIndex = reader.columns().size() + 1;
        this.select = reader.columns().stream()
                .map(TableColumn::quoted)
                .collect(Collectors.joining(
                        ", ", "SELECT ", ", " + key.quoted() + " FROM " + table.quoted() + " WHERE " + key.quoted()));
    }

    @Override
    public boolean writes() {
        return false;
    }

    @Override
    public Execution<@Nullable R> of(List<Placed<K>> rows) {
        Map<Object, Asked<K>> asked = new LinkedHashMap<>();
        for (Placed<K> row : rows) {
            asked.computeIfAbsent(identity(row.row()), any -> new Asked<>(row.row()))
                    .positions
                    .add(row.position());
        }
        return new Search(asked);
    }

    private static Object identity(Object key) {
        Object identity = Values.comparable(key);
        return identity == null ? key : identity;
    }

    /** Whether it is sure that what is equal to this key for the database is so for {@link #identity}. */
    private boolean isDistinct(K value) {
        return table.dialect() == Dialect.POSTGRESQL
                ? Carrier.identity(value, key) != null
                : value instanceof Number || value instanceof UUID || value instanceof Boolean;
    }

    /** A key and who asks for it. */
    private static final class Asked<K> {
        final K key;
        final List<Integer> positions = new ArrayList<>(1);
        boolean isFound;

        Asked(K key) {
            this.key = key;
        }
    }

    private final class Search implements Execution<@Nullable R> {
        private final Map<Object, Asked<K>> asked;
        private final List<Asked<K>> all;

        /** What an array cannot carry goes into a list. */
        private final @Nullable Object @Nullable [] array;

        private boolean hasStrayRows;

        Search(Map<Object, Asked<K>> asked) {
            this.asked = asked;
            this.all = List.copyOf(asked.values());
            this.array = table.dialect() == Dialect.POSTGRESQL && all.size() > 1 ? array() : null;
        }

        private @Nullable Object @Nullable [] array() {
            Carrier carrier = Carrier.of(key);
            @Nullable Object[] carried = (@Nullable Object[]) Array.newInstance(carrier.type, all.size());
            for (int i = 0; i < carried.length; i++) {
                carried[i] = carrier.convert(all.get(i).key, key.base());
                if (carried[i] == null) {
                    return null;
                }
            }
            return carried;
        }

        @Override
        public boolean isOneStatement() {
            return array != null || all.size() <= table.dialect().longestList();
        }

        @Override
        public void on(Connection connection, Outcomes<? super @Nullable R> outcomes) throws SQLException {
            if (all.size() == 1) {
                findOne(connection, all.get(0), outcomes);
            } else {
                findAll(connection, outcomes);
                hasStrayRows = hasStrayRows || hasHiddenRows(connection);
            }
            for (Asked<K> each : all) {
                if (!each.isFound) {
                    if (hasStrayRows) {
                        findOne(connection, each, outcomes);
                    } else {
                        absent(each, outcomes);
                    }
                }
            }
        }

        private void findAll(Connection connection, Outcomes<? super @Nullable R> outcomes) throws SQLException {
            if (array != null) {
                findArray(connection, array, outcomes);
                return;
            }
            int longest = table.dialect().longestList();
            for (int from = 0; from < all.size(); from += longest) {
                findList(connection, all.subList(from, Math.min(all.size(), from + longest)), outcomes);
            }
        }

        /** Whether a key without a row may have one that another, equal key has got: then there are rows for such keys. */
        private boolean hasHiddenRows(Connection connection) throws SQLException {
            List<Asked<K>> missing = all.stream().filter(each -> !each.isFound).toList();
            if (missing.size() == all.size() || missing.stream().allMatch(each -> isDistinct(each.key))) {
                return false;
            }
            Map<Object, Asked<K>> again = new LinkedHashMap<>();
            missing.forEach(each -> again.put(identity(each.key), new Asked<>(each.key)));
            Search search = new Search(again);
            search.findAll(connection, new Outcomes<>(0));
            return search.hasStrayRows || search.all.stream().anyMatch(each -> each.isFound);
        }

        private void findArray(Connection connection, @Nullable Object[] keys, Outcomes<? super @Nullable R> outcomes)
                throws SQLException {
            Carrier carrier = Carrier.of(key);
            String cast = carrier == Carrier.TEXT && !key.base().equals("text") ? "::" + key.type() + "[]" : "";
            try (PreparedStatement statement = UnpreparedException.prepare(
                    connection, select + " = ANY (?::" + carrier.element + "[]" + cast + ")")) {
                statement.setArray(1, connection.createArrayOf(carrier.element, keys));
                read(statement, outcomes);
            }
        }

        private void findList(Connection connection, List<Asked<K>> part, Outcomes<? super @Nullable R> outcomes)
                throws SQLException {
            int length = paddedLength(part.size());
            String list = ", ".concat(key.parameter()).repeat(length).substring(2);
            try (PreparedStatement statement = UnpreparedException.prepare(connection, select + " IN (" + list + ")")) {
                for (int i = 0; i < length; i++) {
                    K value = part.get(Math.min(i, part.size() - 1)).key;
                    Values.bind(statement, i + 1, value, table.dialect());
                }
                read(statement, outcomes);
            }
        }

        private void read(PreparedStatement statement, Outcomes<? super @Nullable R> outcomes) throws SQLException {
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Object found = Values.read(rows, keyIndex, keyType);
                    Asked<K> who = found == null ? null : asked.get(identity(found));
                    if (who == null) {
                        hasStrayRows = true;
                    } else {
                        found(rows, who, outcomes);
                    }
                }
            }
        }

        private void findOne(Connection connection, Asked<K> who, Outcomes<? super @Nullable R> outcomes)
                throws SQLException {
            try (PreparedStatement statement =
                    UnpreparedException.prepare(connection, select + " = " + key.parameter())) {
                Values.bind(statement, 1, who.key, table.dialect());
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found(rows, who, outcomes);
                    }
                }
            }
            if (!who.isFound) {
                absent(who, outcomes);
            }
        }

        private void found(ResultSet row, Asked<K> who, Outcomes<? super @Nullable R> outcomes) throws SQLException {
            if (who.isFound) {
                fail(
                        who,
                        new IllegalStateException("there is more than one row of " + table.given() + " whose "
                                + key.name() + " is " + who.key + ": findById is for keys"),
                        outcomes);
                return;
            }
            who.isFound = true;
            try {
                R result = reader.mapper().map(row);
                who.positions.forEach(position -> outcomes.complete(position, result));
            } catch (SQLException | RuntimeException cannotMap) {
                if (Fault.of(cannotMap) != Fault.ROW) {
                    throw cannotMap;
                }
                fail(who, cannotMap, outcomes);
            }
        }

        private void fail(Asked<K> who, Exception why, Outcomes<? super @Nullable R> outcomes) {
            who.positions.forEach(position -> outcomes.fail(position, why));
        }

        private void absent(Asked<K> who, Outcomes<? super @Nullable R> outcomes) {
            who.isFound = true;
            who.positions.forEach(position -> outcomes.complete(position, null));
        }
    }

    static int paddedLength(int size) {
        return size == 1 ? 1 : Integer.highestOneBit(size - 1) << 1;
    }
}
