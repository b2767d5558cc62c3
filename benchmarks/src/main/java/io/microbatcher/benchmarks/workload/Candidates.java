package io.microbatcher.benchmarks.workload;

import io.microbatcher.benchmarks.peer.Contender;
import io.microbatcher.benchmarks.peer.Contender.Kind;
import io.microbatcher.benchmarks.peer.Setting;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The settings among which the best one of a contender is looked for. */
final class Candidates {
    private Candidates() {}

    /** All combinations that make a difference to a contender. */
    static List<Setting> of(Contender contender, List<Integer> sizes, List<Long> cyclesMicros, List<Integer> workers) {
        Set<Setting> settings = new LinkedHashSet<>();
        for (int size : sizes) {
            for (long cycle : cycles(contender, cyclesMicros)) {
                Setting setting = Setting.of(size, cycle);
                if (contender == Contender.DISRUPTOR) { // one handler; what differs is how it waits
                    settings.add(setting);
                    settings.add(setting.variant("yielding"));
                } else {
                    workers.forEach(count -> settings.add(setting.workers(count)));
                }
            }
        }
        return new ArrayList<>(settings);
    }

    private static List<Long> cycles(Contender contender, List<Long> cyclesMicros) {
        if (contender.kind() == Kind.NATURAL
                || contender.kind() == Kind.LIMIT
                || contender == Contender.OURS_NATURAL
                || contender == Contender.OURS_ADAPTIVE) {
            return List.of(0L);
        }
        if (contender == Contender.HYSTRIX || contender == Contender.GAX) { // whole milliseconds
            return cyclesMicros.stream()
                    .map(micros -> Math.max(1_000, micros))
                    .distinct()
                    .toList();
        }
        return cyclesMicros;
    }
}
