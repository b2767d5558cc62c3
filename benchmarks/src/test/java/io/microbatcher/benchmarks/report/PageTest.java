package io.microbatcher.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.benchmarks.Results;
import io.microbatcher.benchmarks.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {
    @TempDir
    Path folder;

    @Test
    void tellsTheMedianTheRangeAndTheBarOfWhatWasKept() throws IOException {
        keep("P9", sample("one", 0, 3e6), sample("one", 1, 1e6), sample("one", 2, 2e6), sample("keyed", 0, 0.8e6));

        String page = write();

        assertThat(page).contains("2.00 M (1.00 M – 3.00 M)");
        assertThat(page).contains("| P9 | cost per job against one lane | ≤ 2× | 2.50× | 0.80 | **missed** |");
        assertThat(folder.resolve("docs/performance/p9-lanes.svg")).exists();
    }

    @Test
    void replacesOnlyTheSectionOfTheWorkloadThatWasMeasured() throws IOException {
        keep("P9", sample("one", 0, 3e6));
        write();
        Files.delete(folder.resolve("kept/P9.json"));
        keep("P10", new Sample("lines", "cat", "", 0, Map.of("linesPerSecond", 5e6)));

        String page = write();

        assertThat(page).contains("3.00 M").contains("5.00 M");
        assertThat(page).containsOnlyOnce("## P9 ").containsOnlyOnce("## P10 ");
        assertThat(page.split("Not measured yet", -1)).hasSize(9); // the other eight
        assertThat(write()).isEqualTo(page);
    }

    private static Sample sample(String lanes, int fork, double jobsPerSecond) {
        return new Sample("keys", lanes, "", fork, Map.of("jobsPerSecond", jobsPerSecond, "bytesPerJob", 50.0));
    }

    private void keep(String workload, Sample... samples) throws IOException {
        Results results = new Results();
        results.workload = workload;
        results.mode = "full";
        results.samples.addAll(java.util.List.of(samples));
        results.write(folder.resolve("kept").resolve(workload + ".json"));
    }

    private String write() throws IOException {
        Page.write(Sheet.PERFORMANCE, folder.resolve("docs"), folder.resolve("kept"));
        return Files.readString(folder.resolve("docs/performance.md"));
    }
}
