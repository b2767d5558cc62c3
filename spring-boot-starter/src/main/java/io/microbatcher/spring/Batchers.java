package io.microbatcher.spring;

import io.microbatcher.MicroBatcher;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** All batchers of the application by name, those that it has made itself included. */
final class Batchers {
    private final ConcurrentSkipListMap<String, MicroBatcher<?, ?>> byName = new ConcurrentSkipListMap<>();

    void add(MicroBatcher<?, ?> batcher) {
        MicroBatcher<?, ?> other = byName.putIfAbsent(batcher.name(), batcher);
        if (other != null && other != batcher) {
            throw new ConfigurationFault(
                    "two batchers have the name '" + batcher.name() + "'",
                    "Give one of them another name: MicroBatched has the attribute 'name', a builder the method "
                            + "'name', and the batcher of a processor is named after its bean");
        }
    }

    void remove(MicroBatcher<?, ?> batcher) {
        byName.remove(batcher.name(), batcher);
    }

    @Nullable
    MicroBatcher<?, ?> find(String name) {
        return byName.get(name);
    }

    /** Sorted by name. */
    Map<String, MicroBatcher<?, ?>> all() {
        return byName;
    }
}
