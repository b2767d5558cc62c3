package io.microbatcher.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    private static final Load LOAD = new Load(2, Duration.ofMillis(50));

    @TempDir
    private Path folder;

    @Test
    void rowsWrittenOneByOneAndInBatchesAreNumberedThrough() throws Exception {
        try (Ledger ledger = new Ledger(file())) {
            assertThat(ledger.write(new Entry(1, 0, 0))).isEqualTo(1);
            assertThat(ledger.write(List.of(new Entry(1, 0, 1), new Entry(1, 1, 0))))
                    .containsExactly(2L, 3L);
            assertThat(ledger.write(new Entry(1, 1, 1))).isEqualTo(4);
            assertThat(ledger.rows()).isEqualTo(4);
        }
        assertThat(rowsInTheFile()).containsExactly("1 1 0 0", "2 1 0 1", "3 1 1 0", "4 1 1 1");
    }

    @Test
    void aBatchThatFailsLeavesNoRowAndTheNextOneWorks() throws Exception {
        List<Entry> broken = new ArrayList<>(List.of(new Entry(1, 0, 0)));
        broken.add(null);
        try (Ledger ledger = new Ledger(file())) {
            assertThatThrownBy(() -> ledger.write(broken)).isInstanceOf(NullPointerException.class);
            assertThat(ledger.write(List.of(new Entry(1, 0, 1)))).containsExactly(1L);
        }
        assertThat(rowsInTheFile()).containsExactly("1 1 0 1");
    }

    @Test
    void eachCommitWaitsForTheDisk() throws Exception {
        try (Ledger ledger = new Ledger(file())) {
            assertThat(ledger.setting("journal_mode")).isEqualTo("wal");
            assertThat(ledger.setting("synchronous")).isEqualTo("2");
        }
    }

    @Test
    void theProofHoldsWhenEveryCallGotTheIdOfItsRow() throws Exception {
        try (Ledger ledger = new Ledger(file())) {
            Load.Outcome outcome = LOAD.run(1, ledger::write, seconds -> {});

            assertThat(outcome.calls()).isPositive();
            assertThat(Ledger.prove(file(), List.of(outcome)))
                    .isEqualTo(new Ledger.Proof(outcome.calls(), outcome.calls(), 0))
                    .matches(Ledger.Proof::holds);
        }
    }

    @Test
    void theProofFailsWhenARowIsMissing() throws Exception {
        try (Ledger ledger = new Ledger(file())) {
            Load.Outcome outcome = LOAD.run(1, entry -> entry.number() == 0 ? 77 : ledger.write(entry), seconds -> {});

            Ledger.Proof proof = Ledger.prove(file(), List.of(outcome));
            assertThat(proof.found()).isEqualTo(outcome.calls() - 2);
            assertThat(proof.holds()).isFalse();
        }
    }

    @Test
    void theProofFailsWhenAnAnswerBelongsToAnotherRow() throws Exception {
        try (Ledger ledger = new Ledger(file())) {
            Load.Outcome outcome = LOAD.run(1, entry -> ledger.write(entry) + 1, seconds -> {});

            Ledger.Proof proof = Ledger.prove(file(), List.of(outcome));
            assertThat(proof.foreign()).isEqualTo(outcome.calls());
            assertThat(proof.holds()).isFalse();
        }
    }

    @Test
    void aCallThatFailsEndsTheRunWithItsCause() {
        SQLException full = new SQLException("disk full");

        assertThatThrownBy(() -> new Load(3, Duration.ofMinutes(1))
                        .run(
                                1,
                                entry -> {
                                    if (entry.caller() == 1 && entry.number() == 5) {
                                        throw full;
                                    }
                                    return 1;
                                },
                                seconds -> {}))
                .isInstanceOf(ExecutionException.class)
                .hasCause(full);
    }

    private Path file() {
        return folder.resolve("ledger.db");
    }

    private List<String> rowsInTheFile() throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = Ledger.open(file());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT id, run, caller, number FROM entry ORDER BY id")) {
            while (row.next()) {
                rows.add(row.getLong(1) + " " + row.getInt(2) + " " + row.getInt(3) + " " + row.getInt(4));
            }
        }
        return rows;
    }
}
