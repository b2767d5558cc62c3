/**
 * Tests code that uses a micro-batcher without waiting: {@link io.microbatcher.test.VirtualTime} moves when the test says
 * so, {@link io.microbatcher.test.ManualExecutor} runs batches when the test says so.
 */
@NullMarked
package io.microbatcher.test;

import org.jspecify.annotations.NullMarked;
