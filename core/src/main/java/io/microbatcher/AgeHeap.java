package io.microbatcher;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lanes by the age of their oldest job, oldest first: a binary heap in which each lane knows its own index, so that one
 * that changes or vanishes is found at once. Guarded by the board's lock.
 */
final class AgeHeap<J, R extends @Nullable Object> {
    private static final int INITIAL = 4;

    @SuppressWarnings("unchecked") // holds nothing but lanes of these types
    private @Nullable Lane<J, R>[] lanes = (Lane<J, R>[]) new Lane<?, ?>[INITIAL];

    private int size;

    int size() {
        return size;
    }

    @Nullable
    Lane<J, R> first() {
        return size == 0 ? null : lanes[0];
    }

    /** Puts a lane where its oldest job belongs, whether it is here already or not. */
    void update(Lane<J, R> lane) {
        long age = lane.oldestNanos();
        int index = lane.heapIndex;
        if (index < 0) {
            if (size == lanes.length) {
                lanes = Arrays.copyOf(lanes, size * 2);
            }
            index = size++;
        } else if (lane.heapNanos == age) {
            return;
        }
        lane.heapNanos = age;
        place(lane, index);
        settle(index);
    }

    void remove(Lane<J, R> lane) {
        int index = lane.heapIndex;
        if (index < 0) {
            return;
        }
        lane.heapIndex = -1;
        Lane<J, R> moved = at(--size);
        lanes[size] = null;
        if (moved != lane) {
            place(moved, index);
            settle(index);
        }
        if (lanes.length > INITIAL && size < lanes.length / 4) { // a burst of keys must not be remembered for ever
            lanes = Arrays.copyOf(lanes, lanes.length / 2);
        }
    }

    private void settle(int index) {
        if (!isRaised(index)) {
            lower(index);
        }
    }

    private boolean isRaised(int from) {
        int index = from;
        Lane<J, R> lane = at(index);
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            if (at(parent).heapNanos <= lane.heapNanos) {
                break;
            }
            place(at(parent), index);
            index = parent;
        }
        place(lane, index);
        return index != from;
    }

    private void lower(int from) {
        int index = from;
        Lane<J, R> lane = at(index);
        for (int child = 2 * index + 1; child < size; child = 2 * index + 1) {
            if (child + 1 < size && at(child + 1).heapNanos < at(child).heapNanos) {
                child++;
            }
            if (lane.heapNanos <= at(child).heapNanos) {
                break;
            }
            place(at(child), index);
            index = child;
        }
        place(lane, index);
    }

    private void place(Lane<J, R> lane, int index) {
        lanes[index] = lane;
        lane.heapIndex = index;
    }

    private Lane<J, R> at(int index) {
        Lane<J, R> lane = lanes[index];
        if (lane == null) {
            throw new AssertionError("a hole in the heap at " + index + " of " + size);
        }
        return lane;
    }
}
