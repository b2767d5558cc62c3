package io.microbatcher.benchmarks.peer;

import java.util.Locale;

/**
 * What can be tuned about a contender; each ignores what it does not have.
 *
 * @param size the largest batch
 * @param cycleMicros how long a batch is held for company
 * @param workers how many batches may be with the backend at the same time
 * @param variant a choice that only one contender has, or empty
 */
public record Setting(int size, long cycleMicros, int workers, String variant) {

    public static Setting of(int size, long cycleMicros) {
        return new Setting(size, cycleMicros, 1, "");
    }

    public Setting workers(int count) {
        return new Setting(size, cycleMicros, count, variant);
    }

    public Setting variant(String name) {
        return new Setting(size, cycleMicros, workers, name);
    }

    /** Reads what {@link #toString()} wrote. */
    public static Setting parse(String text) {
        String[] parts = text.split(" ", -1);
        return new Setting(
                Integer.parseInt(parts[0].substring("size=".length())),
                Long.parseLong(parts[1].substring("cycle=".length(), parts[1].length() - "us".length())),
                Integer.parseInt(parts[2].substring("workers=".length())),
                parts.length > 3 ? parts[3] : "");
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "size=%d cycle=%dus workers=%d %s", size, cycleMicros, workers, variant)
                .trim();
    }
}
