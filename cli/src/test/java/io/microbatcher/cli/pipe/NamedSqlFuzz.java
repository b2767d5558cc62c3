package io.microbatcher.cli.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Any text as SQL: it is refused with a reason, or left as it is, or its parameters are question marks that stand outside
 * of all quotes and comments.
 */
public final class NamedSqlFuzz {
    private static final List<String> URLS =
            List.of("jdbc:postgresql:db", "jdbc:sqlite:f", "jdbc:sqlserver://h", "jdbc:h2:f", "");

    private NamedSqlFuzz() {}

    /** Called with each input. */
    public static void fuzzerTestOneInput(byte[] data) {
        String sql = new String(data, StandardCharsets.UTF_8);
        for (String url : URLS) {
            try {
                check(sql, url, NamedSql.parse(sql, url));
            } catch (RefusedException why) {
                assertThat(why).hasMessageStartingWith("the SQL has a ");
            }
        }
    }

    private static void check(String sql, String url, NamedSql parsed) {
        if (parsed.names().isEmpty()) {
            assertThat(parsed.sql()).isEqualTo(sql);
            return;
        }
        assertThat(parsed.names()).allMatch(name -> name.codePoints().allMatch(Character::isJavaIdentifierPart));
        try {
            throw new AssertionError("a parameter is not outside of all quotes: " + NamedSql.parse(parsed.sql(), url));
        } catch (RefusedException seen) {
            assertThat(seen).hasMessageContaining("'?' at character");
        }
    }
}
