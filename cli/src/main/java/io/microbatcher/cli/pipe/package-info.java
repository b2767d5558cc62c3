/**
 * {@code microbatcher pipe}: lines in, batches to a command, a database or a service, results out.
 *
 * <p>The way of a line: {@code Inputs} &rarr; {@code Intake} (bounded by the {@code Window}) &rarr; the batcher &rarr; a
 * {@code Work} &rarr; {@code Results} (in order or as completed) &rarr; {@code Outcomes}.
 */
@NullMarked
package io.microbatcher.cli.pipe;

import org.jspecify.annotations.NullMarked;
