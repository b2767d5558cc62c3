package io.microbatcher.cli.pipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * SQL with named parameters, as the driver wants it: {@code :name} becomes {@code ?}. What looks like a parameter inside
 * of a string, a quoted identifier or a comment is left alone, and so are {@code ::} casts and {@code :=}.
 *
 * @param sql with question marks
 * @param names the parameter at each question mark, in order; a name may come several times
 */
record NamedSql(String sql, List<String> names) {

    /** Parses for the database that a URL names: some quote identifiers in brackets, which are arrays to others. */
    static NamedSql parse(String sql, String url) throws RefusedException {
        String database = url.toLowerCase(Locale.ROOT);
        boolean sqlite = database.startsWith("jdbc:sqlite:");
        Scanner scanner = new Scanner(sql, sqlite || database.startsWith("jdbc:sqlserver:"), !sqlite);
        return new NamedSql(scanner.scan(), List.copyOf(scanner.names));
    }

    private static final class Scanner {
        private final String sql;
        private final boolean brackets;
        private final boolean nestedComments;
        private final StringBuilder out = new StringBuilder();
        private final List<String> names = new ArrayList<>();
        private int at;

        Scanner(String sql, boolean brackets, boolean nestedComments) {
            this.sql = sql;
            this.brackets = brackets;
            this.nestedComments = nestedComments;
        }

        String scan() throws RefusedException {
            while (at < sql.length()) {
                char c = sql.charAt(at);
                switch (c) {
                    case '\'' -> copyTo(endOfQuoted('\'', isEscapeString()));
                    case '"', '`' -> copyTo(endOfQuoted(c, false));
                    case '[' -> copyTo(brackets ? endOfQuoted(']', false) : at + 1);
                    case '-' -> copyTo(sql.startsWith("--", at) ? endOfLine() : at + 1);
                    case '/' -> copyTo(sql.startsWith("/*", at) ? endOfComment() : at + 1);
                    case '$' -> copyTo(endOfDollarQuoted());
                    case ':' -> colon();
                    case '?' -> questionMark();
                    default -> copyTo(at + 1);
                }
            }
            return out.toString();
        }

        private void copyTo(int end) {
            out.append(sql, at, end);
            at = end;
        }

        private void colon() {
            if (sql.startsWith("::", at)) {
                copyTo(at + 2);
                return;
            }
            int end = at + 1;
            while (end < sql.length() && Character.isJavaIdentifierPart(sql.charAt(end)) && sql.charAt(end) != '$') {
                end++;
            }
            boolean name = end > at + 1
                    && !Character.isDigit(sql.charAt(at + 1))
                    && (at == 0 || !Character.isJavaIdentifierPart(sql.charAt(at - 1)));
            if (name) {
                names.add(sql.substring(at + 1, end));
                // two question marks that follow are an operator, and must not become one with this one
                out.append(sql.startsWith("?", end) ? "? " : "?");
                at = end;
            } else {
                copyTo(at + 1);
            }
        }

        private void questionMark() throws RefusedException {
            if (!sql.startsWith("??", at)) { // two are how drivers write one that is an operator
                throw RefusedException.usage(
                        "the SQL has a '?' at character " + (at + 1) + "; parameters are named: write :name");
            }
            copyTo(at + 2);
        }

        /** The end of what is quoted from here; a quote that is doubled, or escaped, does not end it. */
        private int endOfQuoted(char quote, boolean escapes) throws RefusedException {
            for (int i = at + 1; i < sql.length(); i++) {
                char c = sql.charAt(i);
                if (c == '\\' && escapes) {
                    i++;
                } else if (c == quote) {
                    if (i + 1 == sql.length() || sql.charAt(i + 1) != quote) {
                        return i + 1;
                    }
                    i++;
                }
            }
            throw RefusedException.usage(
                    "the SQL has a " + sql.charAt(at) + " at character " + (at + 1) + " that is not closed");
        }

        /** Whether the string that begins here is PostgreSQL's E'…', in which a backslash escapes. */
        private boolean isEscapeString() {
            return at > 0
                    && Character.toUpperCase(sql.charAt(at - 1)) == 'E'
                    && (at == 1 || !Character.isJavaIdentifierPart(sql.charAt(at - 2)));
        }

        private int endOfLine() {
            int end = sql.indexOf('\n', at);
            return end < 0 ? sql.length() : end;
        }

        private int endOfComment() throws RefusedException {
            int depth = 0;
            for (int i = at; i < sql.length() - 1; i++) {
                if (sql.startsWith("/*", i) && (nestedComments || depth == 0)) {
                    depth++;
                    i++;
                } else if (sql.startsWith("*/", i)) {
                    depth--;
                    i++;
                    if (depth == 0) {
                        return i + 1;
                    }
                }
            }
            throw RefusedException.usage("the SQL has a /* at character " + (at + 1) + " that is not closed");
        }

        /** The end of a string in $$ or $tag$; the next character if none begins here. */
        private int endOfDollarQuoted() {
            if (at > 0 && Character.isJavaIdentifierPart(sql.charAt(at - 1))) {
                return at + 1;
            }
            int tagEnd = at + 1;
            while (tagEnd < sql.length()
                    && sql.charAt(tagEnd) != '$'
                    && Character.isJavaIdentifierPart(sql.charAt(tagEnd))) {
                tagEnd++;
            }
            if (tagEnd == sql.length() || sql.charAt(tagEnd) != '$' || Character.isDigit(sql.charAt(at + 1))) {
                return at + 1;
            }
            String tag = sql.substring(at, tagEnd + 1);
            int end = sql.indexOf(tag, tagEnd + 1);
            return end < 0 ? at + 1 : end + tag.length();
        }
    }
}
