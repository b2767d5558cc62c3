package io.microbatcher;

import java.time.Duration;
import java.util.List;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * {@link Lanes} by key, with the claims that keep a lane alive: while somebody has a claim on a key's lane, whoever comes
 * gets that one and no other. A claim that was the last makes the lane vanish from the map.
 */
public class LanesModel {
    private static final Dispatcher<Integer, Integer> DISPATCHER = dispatcher();

    private final Lanes<Integer, Integer> lanes = new Lanes<>(DISPATCHER, new Trigger(DISPATCHER.settings));
    private final InUse inUse = new InUse();

    /** The lane of the key that somebody has a claim on, and how many have. */
    private static final class InUse {
        private Lane<Integer, Integer> lane;
        private int claims;

        synchronized boolean isTheOnly(Lane<Integer, Integer> claimed) {
            boolean only = claims == 0 || lane == claimed;
            lane = claimed;
            claims++;
            return only;
        }

        synchronized void givenBack() {
            claims--;
        }
    }

    /** Claims the lane of the key and gives the claim back: whether nobody had another lane of that key meanwhile. */
    @Operation
    public boolean use() {
        Lane<Integer, Integer> lane = lanes.claim(1);
        boolean only = inUse.isTheOnly(lane);
        inUse.givenBack();
        if (lane.isVanished()) {
            lanes.forget(lane);
        }
        return only;
    }

    @Validate
    public void nothingIsLeftBehind() {
        lanes.each(lane -> {
            throw new IllegalStateException("a lane that nobody needs: " + lane.key);
        });
    }

    private static Dispatcher<Integer, Integer> dispatcher() {
        Options<Integer, Integer> options = new Options<>((List<Integer> jobs) -> jobs);
        options.name = "model";
        options.batchCycle = Duration.ofDays(1);
        options.key = job -> job;
        options.executor = Runnable::run;
        options.timer = new Timer() {
            @Override
            public long nanos() {
                return 0;
            }

            @Override
            public void schedule(long atNanos, Runnable task) {
                // never rings
            }
        };
        return new Dispatcher<>(options.validated());
    }
}
