package io.microbatcher.model;

import io.microbatcher.Job;
import io.microbatcher.ResultChannel;
import java.util.ArrayList;
import java.util.List;

/** A channel as the model sees it. */
final class ModelChannel {
    final ResultChannel<Job<Integer>, Object> channel;
    final int capacity;
    final List<ModelJob> inside = new ArrayList<>();
    boolean halfClosed;
    boolean closed;

    ModelChannel(ResultChannel<Job<Integer>, Object> channel, int capacity) {
        this.channel = channel;
        this.capacity = capacity;
    }

    boolean isFull() {
        return inside.size() >= capacity;
    }

    boolean isFinished() {
        return halfClosed && inside.isEmpty();
    }
}
