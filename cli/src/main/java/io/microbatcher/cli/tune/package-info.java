/** {@code microbatcher tune}: tries configurations on a simulated backend and recommends one. */
@NullMarked
package io.microbatcher.cli.tune;

import org.jspecify.annotations.NullMarked;
