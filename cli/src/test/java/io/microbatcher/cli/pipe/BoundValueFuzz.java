package io.microbatcher.cli.pipe;

import static org.assertj.core.api.Assertions.assertThat;

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

    private record Store(Session session, Statement direct) {}

    private static List<Store> stores() {
        List<Store> stores = new ArrayList<>();
        for (String url :
                List.of("jdbc:h2:mem:bound;DB_CLOSE_DELAY=-1", "jdbc:sqlite:file:bound?mode=memory&cache=shared")) {
            try {
                Database database = new Database(url, null, List.of());
                Statement direct = database.connect().createStatement();
                direct.getConnection().setAutoCommit(true);
                direct.execute("CREATE TABLE t (k INTEGER, v VARCHAR(100000))");
                NamedSql sql = NamedSql.parse("INSERT INTO t (k, v) VALUES (1, ':line' || :line)", url);
                stores.add(new Store(Session.open(database, sql), direct));
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
        String line = TextRow.parse(Line.of("f", 1, utf8, 0, utf8.length)).text();
        for (Store store : STORES) {
            store.session().execute(List.of(new Object[][] {store.session().values(new TextRow(line))}));
            store.session().commit();
            try (ResultSet rows = store.direct().executeQuery("SELECT v FROM t")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo(":line" + line);
                assertThat(rows.next()).isFalse();
            }
            store.direct().execute("DELETE FROM t");
        }
    }
}
