package io.microbatcher.benchmarks.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is wrong, if anything is.
 *
 * @param violations what did not hold, by scenario
 * @param drifts how the figures of the end compare with those of the beginning
 */
record Verdict(Map<String, List<String>> violations, List<Drift> drifts) {
    boolean holds() {
        return violations.isEmpty() && drifts.stream().allMatch(Drift::holds);
    }

    List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        new TreeMap<>(violations).forEach((where, all) -> all.forEach(each -> complaints.add(where + ": " + each)));
        for (Drift drift : drifts) {
            if (!drift.holds()) {
                complaints.add(String.format(
                        Locale.ROOT,
                        "%s: %.1f in the first third, %.1f in the last, and no more than %.1f was expected",
                        drift.what(),
                        drift.first(),
                        drift.last(),
                        drift.most()));
            }
        }
        return complaints;
    }
}
