package io.microbatcher.cli.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.BatchProcessor;
import io.microbatcher.jdbc.JdbcBatch;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Any text as a value of a statement: what is stored is that text and nothing else, whatever SQL it looks like. */
public final class BoundValueFuzz {
    private static final List<Store> STORES = stores();

    private BoundValueFuzz() {}

    private record Store(BatchProcessor<Line, Integer> inserts, Statement direct) {}

    private static List<Store> stores() {
        List<Store> stores = new ArrayList<>();
        for (String url :
                List.of("jdbc:h2:mem:bound;DB_CLOSE_DELAY=-1", "jdbc:sqlite:file:bound?mode=memory&cache=shared")) {
            try {
                Database database = new Database(url, null, List.of());
                Statement direct = database.connect().createStatement();
                direct.execute("CREATE TABLE t (k INTEGER, v VARCHAR(100000))");
                NamedSql sql = NamedSql.parse("INSERT INTO t (k, v) VALUES (1, ':line' || :line)", url);
                stores.add(new Store(
                        JdbcBatch.of(sql.sql(), new RowBinder(sql.names())).on(new Connections(database)), direct));
            } catch (SQLException | RefusedException impossible) {
                throw new AssertionError(impossible);
            }
        }
        return stores;
    }

    /** Called with each input. */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        String text = new String(data, StandardCharsets.UTF_8);
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8); // what is not UTF-8 is none of a database's business
        Line raw = Line.of("f", 1, utf8, 0, utf8.length);
        TextRow row = TextRow.parse(raw);
        Line job = raw.with(row);
        String line = row.text();
        for (Store store : STORES) {
            assertThat(store.inserts().process(List.of(job))).containsExactly(1);
            try (ResultSet rows = store.direct().executeQuery("SELECT v FROM t")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo(":line" + line);
                assertThat(rows.next()).isFalse();
            }
            store.direct().execute("DELETE FROM t");
        }
    }
}
