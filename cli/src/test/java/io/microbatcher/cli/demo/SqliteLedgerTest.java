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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SqliteLedgerTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    @TempDir
    private Path folder;

    @Test
    void rowsWrittenOneByOneAndInBatchesAreNumberedThrough() throws Exception {
        try (SqliteLedger ledger = new SqliteLedger(file())) {
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
        try (SqliteLedger ledger = new SqliteLedger(file())) {
            assertThatThrownBy(() -> ledger.write(broken)).isInstanceOf(NullPointerException.class);
            assertThat(ledger.write(List.of(new Entry(1, 0, 1)))).containsExactly(1L);
        }
        assertThat(rowsInTheFile()).containsExactly("1 1 0 1");
    }

    @Test
    void eachCommitWaitsForTheDisk() throws Exception {
        try (SqliteLedger ledger = new SqliteLedger(file())) {
            assertThat(ledger.setting("journal_mode")).isEqualTo("wal");
            assertThat(ledger.setting("synchronous")).isEqualTo("2");
        }
    }

    @Test
    void theProofHoldsWhenEveryCallGotTheIdOfItsRow() throws Exception {
        try (SqliteLedger ledger = new SqliteLedger(file())) {
            Load load = load(ledger::write);

            assertThat(load.calls()).isPositive();
            assertThat(ledger.prove(List.of(load)))
                    .isEqualTo(new Ledger.Proof(load.calls(), load.calls(), 0))
                    .matches(Ledger.Proof::holds);
        }
    }

    @Test
    void theProofFailsWhenARowIsMissing() throws Exception {
        try (SqliteLedger ledger = new SqliteLedger(file())) {
            Load load = load(entry -> entry.number() == 0 ? 77 : ledger.write(entry));

            Ledger.Proof proof = ledger.prove(List.of(load));
            assertThat(proof.found()).isEqualTo(load.calls() - 2);
            assertThat(proof.holds()).isFalse();
        }
    }

    @Test
    void theProofFailsWhenAnAnswerBelongsToAnotherRow() throws Exception {
        try (SqliteLedger ledger = new SqliteLedger(file())) {
            Load load = load(entry -> ledger.write(entry) + 1);

            Ledger.Proof proof = ledger.prove(List.of(load));
            assertThat(proof.foreign()).isEqualTo(load.calls());
            assertThat(proof.holds()).isFalse();
        }
    }

    @Test
    @Timeout(30)
    void aCallThatFailsEndsTheRoundForAllWithItsCause() {
        SQLException full = new SQLException("disk full");
        Load load = new Load(1, 3, entry -> {
            if (entry.caller() == 1 && entry.number() == 5) {
                throw full;
            }
            return 1;
        });

        assertThatThrownBy(() -> load.round(Duration.ofHours(1), true, () -> {}))
                .isInstanceOf(ExecutionException.class)
                .hasCause(full);
    }

    @Test
    void onlyMeasuredRoundsAreInTheFiguresAndAllAreCounted() throws Exception {
        Load load = new Load(1, 2, entry -> 1);

        load.round(SHORT, false, () -> {});
        long warmUp = load.calls();
        assertThat(load.callsPerSecond()).isEmpty();
        assertThat(load.sortedLatencyNanos()).isEmpty();

        load.round(Duration.ofSeconds(1), true, () -> {});
        assertThat(load.callsPerSecond()).singleElement().matches(rate -> rate > 0);
        assertThat(load.sortedLatencyNanos()).isSorted().hasSizeLessThanOrEqualTo((int) (load.calls() - warmUp));
    }

    /** Two callers, a round that counts and one that does not. */
    private static Load load(Load.Write write) throws Exception {
        Load load = new Load(1, 2, write);
        load.round(SHORT, false, () -> {});
        load.round(SHORT, true, () -> {});
        return load;
    }

    private Path file() {
        return folder.resolve("ledger.db");
    }

    private List<String> rowsInTheFile() throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = SqliteLedger.open(file());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT id, run, caller, number FROM entry ORDER BY id")) {
            while (row.next()) {
                rows.add(row.getLong(1) + " " + row.getInt(2) + " " + row.getInt(3) + " " + row.getInt(4));
            }
        }
        return rows;
    }
}
