/** Meters for the batcher, by the conventions of Micrometer: see {@link io.microbatcher.micrometer.BatcherMeters}. */
@NullMarked
package io.microbatcher.micrometer;

import org.jspecify.annotations.NullMarked;
