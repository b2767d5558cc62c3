package io.microbatcher.benchmarks.soak;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Compares what the callers of a round were told with what is in the database. */
final class Reconciliation {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Round round;
    private final Set<Long> written = new HashSet<>();
    private final Map<Integer, Integer> lastOfKey = new HashMap<>();
    private long sum;

    private Reconciliation(Round round) {
        this.round = round;
    }

    /** Checks everything; what does not hold is among the round's violations. */
    static void of(Round round, Ledger ledger, Totals totals) throws SQLException {
        Reconciliation reconciliation = new Reconciliation(round);
        reconciliation.waitForTheEnd();
        round.checkStatistics();
        ledger.settle(round.number, reconciliation::row);
        reconciliation.compare(totals);
    }

    private void waitForTheEnd() {
        long begin = System.nanoTime();
        while (!round.isOver() && System.nanoTime() - begin < PATIENCE_NANOS) {
            LockSupport.parkNanos(1_000_000);
        }
        round.check(round.isOver(), () -> "batches are in flight a minute after the end");
    }

    private void row(long id, int key, int sequence, long amount) {
        Entry entry = round.entries().get(id);
        round.check(entry != null, () -> "there is a row " + id + " that nobody submitted");
        round.check(written.add(id), () -> "there are two rows " + id);
        round.check(
                entry == null || (entry.key == key && entry.sequence == sequence && entry.amount == amount),
                () -> "the row of " + entry + " is another: key " + key + ", number " + sequence + ", amount "
                        + amount);
        Integer last = lastOfKey.merge(key, sequence, Math::max);
        round.check(
                !round.scenario.isOrdered() || last == sequence,
                () -> entry + " was written after number " + last + " of its key");
        sum += amount;
    }

    private void compare(Totals totals) {
        long acknowledged = 0;
        long recovered = 0;
        for (Entry entry : round.entries().values()) {
            boolean isThere = written.contains(entry.id);
            Entry.Outcome outcome = entry.outcome();
            if (outcome == null) {
                round.check(false, () -> entry + " was never answered");
                continue;
            }
            switch (outcome) {
                case ACKNOWLEDGED -> {
                    round.check(isThere, () -> entry + " was acknowledged, but is not in the database");
                    acknowledged += entry.amount;
                }
                case NOT_WRITTEN ->
                    round.check(!isThere, () -> entry + " failed as not written, but is in the database");
                case UNKNOWN -> recovered += isThere ? entry.amount : 0;
            }
            totals.count(outcome, isThere);
        }
        long expected = acknowledged + recovered;
        round.check(sum == expected, () -> "the sum in the database is " + sum + ", that of the answers " + expected);
        totals.sums(sum, acknowledged, recovered);
    }
}
