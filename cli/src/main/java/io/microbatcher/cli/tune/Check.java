package io.microbatcher.cli.tune;

import io.microbatcher.cli.text.Table;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;

/**
 * What the simulation said of a configuration beside what a real run gave.
 *
 * @param predicted on virtual time
 * @param measured on threads
 */
record Check(Outcome predicted, Outcome measured) {
    /** A figure, and how it is written. */
    record Line(String name, double predicted, double measured, DoubleFunction<String> written) {
        /** How far the prediction is off, as a part of what was measured. */
        double error() {
            return predicted / measured - 1;
        }
    }

    List<Line> lines() {
        return List.of(
                line("jobs/s", Outcome::jobsPerSecond, Figures::count),
                line("calls/s", Outcome::callsPerSecond, Figures::count),
                line("jobs a call", Outcome::jobsPerCall, Figures::count),
                line("mean", Outcome::meanNanos, Figures::nanos),
                line("median", Outcome::p50Nanos, Figures::nanos),
                line("99 %", Outcome::p99Nanos, Figures::nanos));
    }

    List<String> table() {
        Table table = new Table("", "predicted", "measured", "error");
        for (Line line : lines()) {
            table.add(
                    line.name(),
                    line.written().apply(line.predicted()),
                    line.written().apply(line.measured()),
                    String.format(Locale.ROOT, "%+.1f %%", line.error() * 100));
        }
        return table.lines();
    }

    private Line line(String name, ToDoubleFunction<Outcome> figure, DoubleFunction<String> written) {
        return new Line(name, figure.applyAsDouble(predicted), figure.applyAsDouble(measured), written);
    }
}
