package io.microbatcher.cli.tune;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.Stream;

/** A logarithmic axis with some air at its ends, and with marks at 1, 2 and 5 of each power of ten. */
record LogScale(double least, double most, double from, double to) {
    private static final double AIR = 1.25;
    private static final int MOST_TICKS = 9;

    static LogScale of(Stream<Double> values, double from, double to) {
        DoubleSummaryStatistics range = values.mapToDouble(Double::doubleValue)
                .filter(value -> value > 0)
                .summaryStatistics();
        return range.getCount() == 0
                ? new LogScale(1, 10, from, to)
                : new LogScale(range.getMin() / AIR, range.getMax() * AIR, from, to);
    }

    double at(double value) {
        return from + (to - from) * Math.log(Math.max(least, value) / least) / Math.log(most / least);
    }

    List<Double> ticks() {
        List<Double> fine = ticks(1, 2, 5);
        return fine.size() <= MOST_TICKS ? fine : ticks(1);
    }

    private List<Double> ticks(int... digits) {
        List<Double> ticks = new ArrayList<>();
        for (int power = (int) Math.floor(Math.log10(least)); power <= Math.log10(most); power++) {
            for (int digit : digits) {
                double tick = digit * Math.pow(10, power);
                if (tick >= least && tick <= most) {
                    ticks.add(tick);
                }
            }
        }
        return ticks;
    }
}
