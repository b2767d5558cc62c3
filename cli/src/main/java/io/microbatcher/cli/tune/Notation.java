package io.microbatcher.cli.tune;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads durations and costs as people write them. A complaint names the column at which it stopped to understand, and
 * points at it.
 *
 * <pre>
 * cost     = part [ "+" part ]
 * part     = duration [ "*" "n" ] | "n" "*" duration
 * duration = digits [ "." digits ] ( "ns" | "us" | "µs" | "ms" | "s" )
 * </pre>
 */
final class Notation {
    private static final String UNITS = "ns, us, µs, ms or s";

    /** A day: what is longer is a slip, and its nanoseconds can be multiplied without overflow. */
    private static final double LONGEST_NANOS = 86_400e9;

    private final String text;
    private int at;

    private Notation(String text) {
        this.text = text;
    }

    static Duration duration(String text) {
        Notation notation = new Notation(text);
        double nanos = notation.nanos();
        notation.end("the end");
        return Duration.ofNanos(Math.round(nanos));
    }

    static CostModel cost(String text) {
        return new Notation(text).cost();
    }

    private CostModel cost() {
        double fixed = Double.NaN;
        double perJob = Double.NaN;
        do {
            skipBlanks();
            int start = at;
            boolean isPerJob = acceptJobs();
            if (isPerJob && !acceptTimes()) {
                throw expected("'*' and a duration");
            }
            double nanos = nanos();
            if (!isPerJob && acceptTimes()) {
                isPerJob = acceptJobs();
                if (!isPerJob) {
                    throw expected("n, the number of jobs");
                }
            }
            if (!Double.isNaN(isPerJob ? perJob : fixed)) {
                throw complaint(
                        "there is a part for each " + (isPerJob ? "job" : "batch")
                                + " already; the forms are a, b*n, a+b*n and b*n+a",
                        start);
            }
            if (isPerJob) {
                perJob = nanos;
            } else {
                fixed = nanos;
            }
        } while (accept('+'));
        end(Double.isNaN(perJob) ? "'+', '*n' or the end" : "'+' or the end");
        CostModel cost = new CostModel(zeroIfNone(fixed), zeroIfNone(perJob), 0);
        if (cost.fixedNanos() + cost.perJobNanos() < 1) {
            throw complaint("a batch must cost a nanosecond or more", 0);
        }
        return cost;
    }

    private double nanos() {
        skipBlanks();
        int start = at;
        while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        String number = text.substring(start, at);
        if (number.isEmpty()) {
            throw expected("a number");
        }
        if (!number.matches("[0-9]+(\\.[0-9]+)?")) {
            throw complaint("'" + number + "' is no number", start);
        }
        double nanos = Double.parseDouble(number) * unitNanos();
        if (nanos > LONGEST_NANOS) {
            throw complaint("more than a day", start);
        }
        return nanos;
    }

    private double unitNanos() {
        skipBlanks();
        int start = at;
        while (at < text.length() && Character.isLetter(text.charAt(at))) {
            at++;
        }
        String unit = text.substring(start, at);
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs", "μs" -> 1e3; // the micro sign, and the Greek letter that looks like it
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "" -> throw expected("a unit (" + UNITS + ")");
            default -> throw complaint("'" + unit + "' is no unit; write " + UNITS, start);
        };
    }

    private boolean acceptJobs() {
        return accept('n');
    }

    private boolean acceptTimes() {
        return accept('*') || accept('·');
    }

    private boolean accept(char wanted) {
        skipBlanks();
        boolean isThere = at < text.length() && text.charAt(at) == wanted;
        at += isThere ? 1 : 0;
        return isThere;
    }

    private void end(String wanted) {
        skipBlanks();
        if (at < text.length()) {
            throw expected(wanted);
        }
    }

    private void skipBlanks() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private static double zeroIfNone(double nanos) {
        return Double.isNaN(nanos) ? 0 : nanos;
    }

    private TypeConversionException expected(String wanted) {
        String found = at == text.length() ? "the end" : "'" + text.charAt(at) + "'";
        return complaint("expected " + wanted + ", but found " + found, at);
    }

    private TypeConversionException complaint(String what, int index) {
        return new TypeConversionException(
                what + ", at column " + (index + 1) + "\n    " + text + "\n    " + " ".repeat(index) + "^");
    }

    /** For an option that is a duration. */
    static final class DurationConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String value) {
            return duration(value);
        }
    }

    /** For an option that is a cost. */
    static final class CostConverter implements ITypeConverter<CostModel> {
        @Override
        public CostModel convert(String value) {
            return cost(value);
        }
    }

    /** For an option that is a rate: a number, with or without {@code /s}. */
    static final class RateConverter implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            String number = value.strip().replaceFirst("\\s*/\\s*s$", "");
            if (!number.matches("[0-9]{1,12}(\\.[0-9]{1,9})?")) {
                throw new TypeConversionException(
                        "'" + value + "' is no rate; write jobs in a second, such as 500/s or 0.5/s");
            }
            return Double.parseDouble(number);
        }
    }
}
