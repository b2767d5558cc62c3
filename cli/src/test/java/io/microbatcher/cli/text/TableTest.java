package io.microbatcher.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void namesStandToTheLeftAndFiguresToTheRight() {
        Table table = new Table("", "calls", "ms");
        table.add("one", "1,000", "5");
        table.add("longer", "7", "12.5");

        assertThat(table.lines())
                .containsExactly(
                        "         calls     ms", //
                        "one      1,000      5",
                        "longer       7   12.5");
    }

    @Test
    void aRowThatDoesNotFitIsRefused() {
        Table table = new Table("", "calls");

        assertThatThrownBy(() -> table.add("one")).hasMessageContaining("1 cells in a table of 2 columns");
    }
}
