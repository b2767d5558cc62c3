package io.microbatcher.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

@Timeout(120)
class PostgresLedgerTest {
    @BeforeAll
    static void thereIsAServerForThisMachine() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).replaceAll("mac.*", "darwin");
        String binaries =
                "/postgres-" + system + "-" + System.getProperty("os.arch").replace("amd64", "x86_64") + ".txz";
        assumeTrue(
                PostgresLedgerTest.class.getResource(binaries) != null, "no PostgreSQL for this machine: " + binaries);
    }

    @Test
    void theDemoMeasuresAndFindsTheRowOfEveryCall() {
        StringWriter told = new StringWriter();

        int code = new CommandLine(new Demo(new FiveJobs.Pace(Duration.ofMillis(1), Duration.ZERO, Duration.ZERO)))
                .setOut(new PrintWriter(told, true))
                .setErr(new PrintWriter(told, true))
                .execute("--postgres", "--callers=4", "--seconds=0.2");

        assertThat(code).describedAs(told.toString()).isZero();
        assertThat(told.toString())
                .contains("PostgreSQL 18", "on 4 connections", "one at a time", "nothing set", "batchSize 8, natural()")
                .containsPattern(
                        "([\\d,]+) calls returned, \\1 rows are there, every caller got the id of its own row");
    }

    @Test
    void rowsWrittenOneByOneAndInBatchesAreOnDiskAndProveWhatCallersWereTold() throws Exception {
        try (PostgresLedger ledger = PostgresLedger.start(2)) {
            assertThat(ledger.setting("fsync")).isEqualTo("on");
            assertThat(ledger.setting("synchronous_commit")).isEqualTo("on");

            assertThat(ledger.write(new Entry(2, 0, 0))).isEqualTo(1);
            assertThat(ledger.write(List.of(new Entry(2, 0, 1), new Entry(2, 1, 0))))
                    .containsExactly(2L, 3L);
            assertThat(ledger.rows()).isEqualTo(3);
            assertThat(ledger.probeMillis()).isPositive();

            Load load = new Load(1, 2, ledger::write);
            load.round(Duration.ofMillis(50), true, () -> {});
            Load nobody = new Load(2, 2, entry -> 0);
            Ledger.Proof proof = ledger.prove(List.of(load, nobody));
            assertThat(proof.acknowledged()).isEqualTo(load.calls()).isPositive();
            assertThat(proof)
                    .isEqualTo(new Ledger.Proof(load.calls(), load.calls() + 3, 3)); // written above, by nobody
            assertThat(proof.holds()).isFalse();

            assertThatThrownBy(() -> ledger.write(List.of(new Entry(1, 0, 0), null)))
                    .isInstanceOf(NullPointerException.class);
            assertThat(ledger.write(new Entry(2, 1, 1))).isPositive(); // the connection was given back
            assertThat(ledger.write(new Entry(2, 1, 2))).isPositive();
            assertThat(ledger.write(new Entry(2, 1, 3))).isPositive();
        }
    }
}
