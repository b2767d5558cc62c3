/** REST in front of PostgreSQL, each endpoint with and without the batcher. */
@NullMarked
package io.microbatcher.sample;

import org.jspecify.annotations.NullMarked;
