package io.microbatcher.benchmarks;

import java.util.Locale;

/** How much time a run may take. Only a full one says something about figures. */
public enum Mode {
    /** Does everything run? One fork, the smallest cells, fractions of a second. */
    SMOKE(1, 100, 150),
    /** A few minutes: an indication. */
    SHORT(2, 250, 500),
    /** What the page should be made from. */
    FULL(5, 500, 1_500);

    private final int forks;
    private final int warmupMillis;
    private final int measureMillis;

    Mode(int forks, int warmupMillis, int measureMillis) {
        this.forks = forks;
        this.warmupMillis = warmupMillis;
        this.measureMillis = measureMillis;
    }

    /** How many fresh JVMs repeat every measurement. */
    public int forks() {
        return forks;
    }

    public int warmupMillis() {
        return warmupMillis;
    }

    public int measureMillis() {
        return measureMillis;
    }

    public <T> T pick(T smoke, T shorter, T full) {
        return switch (this) {
            case SMOKE -> smoke;
            case SHORT -> shorter;
            case FULL -> full;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
