package io.microbatcher.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Some seconds of the soak, in which all checks hold, and scenarios that lie, which it has to notice. */
@Timeout(300)
class SoakTest {
    @TempDir
    Path directory;

    @Test
    void everythingAtOnceBalancesInH2() throws Exception {
        everythingBalancesIn("h2");
    }

    @Test
    void everythingAtOnceBalancesInPostgreSql() throws Exception {
        String architecture = System.getProperty("os.arch").replace("amd64", "x86_64");
        String binaries = "/postgres-" + system() + "-" + architecture + ".txz";
        assumeTrue(SoakTest.class.getResource(binaries) != null, "no PostgreSQL for this machine: " + binaries);
        everythingBalancesIn("postgresql");
    }

    private static String system() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).replaceAll("mac.*", "darwin");
    }

    private void everythingBalancesIn(String database) throws Exception {
        String report = "";
        while (!report.contains("the server killed a connection")) { // which takes one that is open at the moment
            Soak soak = new Soak(options(0.05, database), Scenario.all());
            assertThat(soak.run()).as(soak.violations().toString()).isTrue();
            report = Files.readString(directory.resolve("report.html"));
            assertThat(report).contains("Every check has held", "<svg", "full, rejecting");
        }
    }

    /** Processors that say what is not so. */
    enum Lie {
        ACKNOWLEDGED_BUT_NOT_WRITTEN("was acknowledged, but is not in the database") {
            @Override
            List<Long> process(Round round, List<Entry> batch) {
                return batch.stream().map(entry -> entry.amount).toList();
            }
        },
        FAILED_BUT_WRITTEN("failed as not written, but is in the database") {
            @Override
            List<Long> process(Round round, List<Entry> batch) throws Exception {
                round.write(batch);
                throw new NotWrittenException("a lie");
            }
        },
        OF_NOBODY("that nobody submitted") {
            @Override
            List<Long> process(Round round, List<Entry> batch) throws Exception {
                round.write(List.of(new Entry(-batch.get(0).id, 0, 0, 1)));
                return round.write(batch);
            }
        },
        ANOTHER_AMOUNT("the row of job") {
            @Override
            List<Long> process(Round round, List<Entry> batch) throws Exception {
                round.write(batch.stream()
                        .map(entry -> new Entry(entry.id, entry.key, entry.sequence, entry.amount + 1))
                        .toList());
                return batch.stream().map(entry -> entry.amount).toList();
            }
        },
        ANOTHER_JOBS_RESULT("was answered with") {
            @Override
            List<Long> process(Round round, List<Entry> batch) throws Exception {
                return round.write(batch).stream().map(amount -> amount + 1).toList();
            }
        },
        OUT_OF_ORDER("was written after number") {
            @Override
            List<Long> process(Round round, List<Entry> batch) throws Exception {
                for (int i = batch.size() - 1; i >= 0; i--) {
                    round.write(List.of(batch.get(i)));
                }
                return batch.stream().map(entry -> entry.amount).toList();
            }
        },
        UNEXPECTED_FAILURE("failed with java.lang.IllegalStateException") {
            @Override
            List<Long> process(Round round, List<Entry> batch) {
                throw new IllegalStateException("not one of the faults");
            }
        },
        ANSWERS_FOR_NOBODY("had answers for nobody") {
            @Override
            List<Long> process(Round round, List<Entry> batch) throws Exception {
                List<Long> amounts = new java.util.ArrayList<>(round.write(batch));
                amounts.add(0L);
                return amounts;
            }
        };

        private final String complaint;

        Lie(String complaint) {
            this.complaint = complaint;
        }

        abstract List<Long> process(Round round, List<Entry> batch) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void aLieIsNoticed(Lie lie) throws Exception {
        Scenario liar = new Scenario() {
            @Override
            public String name() {
                return "liar";
            }

            @Override
            public String exercises() {
                return lie.name();
            }

            @Override
            public boolean isOrdered() {
                return true;
            }

            @Override
            public void run(Round round) {
                var random = round.random();
                try (var batcher = round.watched(
                        io.microbatcher.MicroBatcher.builder((List<Entry> batch) -> lie.process(round, batch))
                                .batchSize(5))) {
                    for (int i = 0; i < 20; i++) {
                        round.submit(batcher, round.entry(1, random));
                    }
                }
            }
        };
        Soak soak = new Soak(options(0.001, "h2"), List.of(liar));
        assertThat(soak.run()).isFalse();
        assertThat(soak.violations().get("liar")).anyMatch(each -> each.contains(lie.complaint));
        assertThat(Files.readString(directory.resolve("report.html"))).contains("Not every check has held");
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        assertThat(SoakOptions.parse("--minutes", "0.5", "--seed", "7").seed()).isEqualTo(7);
        for (String wrong :
                List.of("--minutes 0", "--minutes x", "--minutes", "--database oracle", "--hours 1", "30")) {
            assertThatThrownBy(() -> SoakOptions.parse(wrong.split(" ")))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private SoakOptions options(double minutes, String database) {
        return new SoakOptions(minutes, 1, directory.resolve("report.html"), database);
    }
}
