package io.microbatcher.spring;

import io.microbatcher.BatchListener;

/** Makes a listener of its own for each batcher. */
@FunctionalInterface
interface ListenerForEach {
    BatchListener of(String batcher);
}
