package io.microbatcher.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Jobs that are asked once, as the model sees them: with no coalescing, one. */
final class ModelGroup {
    /** The jobs of the callers that have not gone, in order of acceptance. */
    final List<ModelJob> callers = new ArrayList<>();

    boolean flushed;
    boolean over;

    /** The batch that it is in, once one has taken it. */
    @Nullable
    ModelBatch batch;

    /** What the processor is asked with. */
    ModelJob asked() {
        return callers.get(0);
    }

    @Override
    public String toString() {
        return callers.toString();
    }
}
