package io.microbatcher.cli.text;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of text in columns as wide as their widest cell: the first to the left, figures to the right. */
public final class Table {
    private static final String GAP = "   ";

    private final List<List<String>> rows = new ArrayList<>();

    /**
     * Starts a table.
     *
     * @param heading the heading of each column
     */
    public Table(String... heading) {
        rows.add(List.of(heading));
    }

    /**
     * Adds a row.
     *
     * @param cells one for each column
     * @throws IllegalArgumentException if there are more or fewer
     */
    public void add(String... cells) {
        if (cells.length != rows.get(0).size()) {
            throw new IllegalArgumentException("a row of " + cells.length + " cells in a table of "
                    + rows.get(0).size() + " columns: " + List.of(cells));
        }
        rows.add(List.of(cells));
    }

    /**
     * Lays the table out.
     *
     * @return the heading and the rows, in the order in which they were added
     */
    public List<String> lines() {
        int[] widths = IntStream.range(0, rows.get(0).size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        return IntStream.range(0, row.size())
                .mapToObj(column -> {
                    String cell = row.get(column);
                    String blanks = " ".repeat(widths[column] - cell.length());
                    return column == 0 ? cell + blanks : blanks + cell;
                })
                .collect(Collectors.joining(GAP))
                .stripTrailing();
    }
}
