package io.microbatcher.examples

import io.microbatcher.MicroBatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.future.await

/** Kotlin's coroutines: one that waits for a job suspends, and takes the job back when it is cancelled. */
class CoroutinesExample(private val prices: MicroBatcher<Int, Int>) {
    // recipe
    suspend fun price(id: Int): Int = prices.submit(id).await()

    suspend fun total(ids: List<Int>): Int = coroutineScope {
        ids.map { async { price(it) } }.awaitAll().sum()
    }
    // end of the recipe
}
