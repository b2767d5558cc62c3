/**
 * A span for each batch, linked to the spans of its callers: see {@link io.microbatcher.opentelemetry.BatchSpans}.
 */
@NullMarked
package io.microbatcher.opentelemetry;

import org.jspecify.annotations.NullMarked;
