/**
 * Carries what callers' threads carry to the callbacks of their jobs and to the batch, for everything that Micrometer's
 * context propagation knows: see {@link io.microbatcher.contextpropagation.SnapshotCarrier}.
 */
@NullMarked
package io.microbatcher.contextpropagation;

import org.jspecify.annotations.NullMarked;
