package io.microbatcher.jdbc;

import java.util.List;
import java.util.Objects;

/**
 * The name of a table as the user gives it: its parts, which were separated by dots.
 *
 * @param parts catalog and schema as far as they are given, and the table
 */
record TableName(List<String> parts) {
    private static final int LONGEST = 128;
    private static final int MOST_PARTS = 3;

    static TableName parse(String name) {
        Objects.requireNonNull(name, "table must not be null");
        List<String> parts = List.of(name.split("\\.", -1));
        if (parts.size() > MOST_PARTS) {
            throw new IllegalArgumentException(
                    "table must be a name, with a schema and a catalog before it if need be, but was '" + name + "'");
        }
        parts.forEach(part -> check("table", part));
        return new TableName(parts);
    }

    /** A name in quotes could hold anything; one that needs more than this is a mistake, or an attack. */
    static String check(String what, String name) {
        Objects.requireNonNull(name, () -> what + " must not be null");
        boolean valid = !name.isEmpty()
                && name.length() <= LONGEST
                && name.equals(name.strip())
                && name.codePoints().allMatch(c -> Character.isLetterOrDigit(c) || "_$# -".indexOf(c) >= 0);
        if (!valid) {
            throw new IllegalArgumentException(what + " must be a name of 1 to " + LONGEST
                    + " letters, digits, '_', '$', '#', '-' and inner blanks, but was '" + name + "'");
        }
        return name;
    }

    String table() {
        return parts.get(parts.size() - 1);
    }

    @Override
    public String toString() {
        return String.join(".", parts);
    }
}
