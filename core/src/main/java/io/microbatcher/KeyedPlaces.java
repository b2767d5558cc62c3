package io.microbatcher;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Places by key. Looking one up and forgetting it call the keys' own methods, which are the user's: never under the
 * board's lock (R5.1).
 */
final class KeyedPlaces<P extends KeyedPlace<?, ?>> {
    private final ConcurrentMap<Object, P> byKey = new ConcurrentHashMap<>();
    private final Function<Object, P> maker;

    KeyedPlaces(Function<Object, P> maker) {
        this.maker = maker;
    }

    /** The place of a key, with a claim on it. */
    P claim(Object key) {
        for (; ; ) {
            P place = byKey.get(key);
            if (place == null) {
                P made = maker.apply(key);
                P other = byKey.putIfAbsent(key, made);
                place = other == null ? made : other;
            }
            if (place.isClaimed()) {
                return place;
            }
            // Whoever took the last claim has not got round to it, or cannot: the key by which it is found here is the
            // caller's, since the place's own may have changed its hash.
            byKey.remove(key, place);
        }
    }

    /** A place has vanished. */
    void forget(P place) {
        Object of = place.key;
        if (of != null) {
            byKey.remove(of, place);
        }
    }

    /** Shows every place that may have jobs. May be called under the lock. */
    void each(Consumer<P> look) {
        byKey.values().forEach(look);
    }
}
