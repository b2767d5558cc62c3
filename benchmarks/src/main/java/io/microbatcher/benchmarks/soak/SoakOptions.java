package io.microbatcher.benchmarks.soak;

import java.nio.file.Path;
import java.util.Random;

/**
 * What was asked for.
 *
 * @param minutes how long
 * @param seed of what is random
 * @param report the page that is written
 * @param database the name of the database
 */
record SoakOptions(double minutes, long seed, Path report, String database) {
    private static final double LONGEST_MINUTES = 60 * 24 * 30.0;

    SoakOptions {
        if (!(minutes > 0 && minutes <= LONGEST_MINUTES)) {
            throw new IllegalArgumentException(
                    "--minutes must be more than 0 and no more than " + LONGEST_MINUTES + ", but was " + minutes);
        }
        if (!database.equals("postgresql") && !database.equals("h2")) {
            throw new IllegalArgumentException("--database must be postgresql or h2, but was " + database);
        }
    }

    static SoakOptions parse(String... arguments) {
        double minutes = 10;
        long seed = new Random().nextInt(1_000_000);
        Path report = Path.of("target/soak/report.html");
        String database = "postgresql";
        for (int i = 0; i < arguments.length; i += 2) {
            String option = arguments[i];
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(option + " is unknown, or needs a value");
            }
            String value = arguments[i + 1];
            switch (option) {
                case "--minutes" -> minutes = number(option, value);
                case "--seed" -> seed = (long) number(option, value);
                case "--report" -> report = Path.of(value);
                case "--database" -> database = value;
                default -> throw new IllegalArgumentException(option + " is unknown");
            }
        }
        return new SoakOptions(minutes, seed, report, database);
    }

    private static double number(String option, String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException none) {
            throw new IllegalArgumentException(option + " needs a number, but was " + value, none);
        }
    }
}
