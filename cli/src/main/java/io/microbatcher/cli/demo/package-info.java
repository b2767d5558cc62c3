/**
 * {@code microbatcher demo}: first the batcher at work on five jobs ({@code FiveJobs}), told as it happens, then the
 * reason to use one ({@code Comparison}), measured: {@code Load} lets callers write to a {@code Ledger}, one at a time
 * and in batches.
 */
@NullMarked
package io.microbatcher.cli.demo;

import org.jspecify.annotations.NullMarked;
