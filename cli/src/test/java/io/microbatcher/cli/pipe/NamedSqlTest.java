package io.microbatcher.cli.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NamedSqlTest {
    @Test
    void namesBecomeQuestionMarks() throws Exception {
        assertThat(parse("INSERT INTO t VALUES (:id, :name_2,:id)"))
                .isEqualTo(new NamedSql("INSERT INTO t VALUES (?, ?,?)", java.util.List.of("id", "name_2", "id")));
    }

    @Test
    void stringsIdentifiersAndCommentsAreLeftAlone() throws Exception {
        unchanged("SELECT ':a', 'it''s :b', \"c:d\"\":e\", `:f`");
        unchanged("SELECT 1 -- :a 'b\n, 2 /* :c /* :d */ \" */, 3");
        unchanged("SELECT E'it\\'s :a', $$ :b $$, $tag$ $$ :c $tag$");
    }

    @Test
    void castsAssignmentsAndSlicesAreNoParameters() throws Exception {
        unchanged("SELECT a::text, b := 1, c[1:2], x:y");
        assertThat(parse("SELECT :a::int, ARRAY[:b]").sql()).isEqualTo("SELECT ?::int, ARRAY[?]");
    }

    @Test
    void anOperatorAfterAParameterStaysApartFromIt() throws Exception {
        assertThat(parse("SELECT :a??:b, :c ?? 'd'").sql()).isEqualTo("SELECT ? ???, ? ?? 'd'");
    }

    @Test
    void whatFollowsAStringOrACommentIsSeenAgain() throws Exception {
        assertThat(parse("VALUES (':x', :a) -- :y\n, (:b)").names()).containsExactly("a", "b");
        assertThat(parse("/* it's */ VALUES (:a)").names()).containsExactly("a");
    }

    @Test
    void bracketsQuoteIdentifiersWhereTheDatabaseSaysSo() throws Exception {
        assertThat(NamedSql.parse("INSERT INTO [t:x] VALUES (:a)", "jdbc:sqlite:f")
                        .names())
                .containsExactly("a");
    }

    @Test
    void whatIsNotClosedIsRefused() {
        assertThatThrownBy(() -> parse("SELECT 'a")).hasMessageContaining("a ' at character 8 that is not closed");
        assertThatThrownBy(() -> parse("SELECT /* a")).hasMessageContaining("/* at character 8");
    }

    @Test
    void positionalParametersAreRefused() {
        assertThatThrownBy(() -> parse("VALUES (?)")).hasMessageContaining("parameters are named: write :name");
    }

    private static NamedSql parse(String sql) throws RefusedException {
        return NamedSql.parse(sql, "jdbc:postgresql:db");
    }

    private static void unchanged(String sql) throws RefusedException {
        assertThat(parse(sql)).isEqualTo(new NamedSql(sql, java.util.List.of()));
    }
}
