package io.microbatcher.examples

import io.microbatcher.BatcherFullException
import io.microbatcher.JobFailedException
import io.microbatcher.OverflowPolicy
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout

/** What docs/recipes.md says of coroutines. */
@Timeout(60)
class CoroutinesTest {
    private suspend fun Prices.untilPending(jobs: Int) {
        while (batcher.stats().pending() < jobs) yield()
    }

    @Test
    fun coroutinesShareABatchThoughOneThreadRunsThemAll(): Unit = runBlocking {
        Prices().use { prices ->
            val total = async { CoroutinesExample(prices.batcher).total(listOf(1, 2)) }
            prices.untilPending(2)
            prices.executor.runAll()
            assertThat(total.await()).isEqualTo(300)
            assertThat(prices.asked).containsExactly(listOf(1, 2))
        }
    }

    @Test
    fun aCoroutineThatIsCancelledTakesItsJobBack(): Unit = runBlocking {
        Prices().use { prices ->
            val waiting = launch { CoroutinesExample(prices.batcher).price(1) }
            prices.untilPending(1)
            waiting.cancelAndJoin()
            prices.assertTakenBack(1)
        }
    }

    @Test
    fun soDoesOneThatTimesOut(): Unit = runBlocking {
        Prices().use { prices ->
            assertThat(withTimeoutOrNull(1) { CoroutinesExample(prices.batcher).price(1) }).isNull()
            prices.assertTakenBack(1)
        }
    }

    @Test
    fun aFailureIsThrownAsItIs(): Unit = runBlocking {
        Prices().use { prices ->
            val failure = async { runCatching { CoroutinesExample(prices.batcher).price(-1) }.exceptionOrNull() }
            prices.untilPending(1)
            prices.flush()
            assertThat(failure.await()).isInstanceOf(JobFailedException::class.java).hasRootCauseMessage("no such price")
        }
    }

    @Test
    fun theFirstFailureInAScopeTakesTheJobsOfTheOthersBack(): Unit = runBlocking {
        Prices().use { prices ->
            val failure = async {
                runCatching { CoroutinesExample(prices.batcher).total(listOf(5, -1, -2)) }.exceptionOrNull()
            }
            prices.untilPending(3)
            prices.executor.runAll()
            assertThat(failure.await()).isInstanceOf(JobFailedException::class.java)
            prices.assertTakenBack(5)
        }
    }

    @Test
    fun withoutRoomAThreadOfTheCoroutinesIsBlocked(): Unit = runBlocking {
        Prices { it.maxPending(1) }.use { prices ->
            val total = async(Dispatchers.IO) { CoroutinesExample(prices.batcher).total(listOf(1, 2)) }
            while (prices.batcher.stats().blocked() == 0) yield()
            while (!total.isCompleted) {
                prices.flush()
                yield()
            }
            assertThat(total.await()).isEqualTo(300)
        }
    }

    @Test
    fun orAJobIsRefusedAndTheThreadOfTheCoroutinesIsNotHeldUp(): Unit = runBlocking {
        Prices { it.maxPending(1).overflow(OverflowPolicy.REJECT) }.use { prices ->
            val failure = runCatching { CoroutinesExample(prices.batcher).total(listOf(1, 2)) }.exceptionOrNull()
            assertThat(failure).isInstanceOf(BatcherFullException::class.java)
            prices.assertTakenBack(1)
        }
    }
}
