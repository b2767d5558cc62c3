package io.microbatcher.spring;

import io.microbatcher.MicroBatcher;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Turns calls of a method, one at a time and from many threads, into calls of another method of the same bean that does
 * many at once.
 *
 * <pre>{@code
 * @Service
 * class Customers {
 *     @MicroBatched(batchMethod = "findAll")
 *     public Optional<Customer> find(long id) {
 *         return Optional.ofNullable(findAll(List.of(id)).get(id)); // not called: what runs without Spring
 *     }
 *
 *     public Map<Long, Customer> findAll(List<Long> ids) { … }
 * }
 * }</pre>
 *
 * <p><b>The single call</b> has one parameter, the key. It returns {@code R} or {@code Optional<R>} and waits, or returns a
 * {@code CompletableFuture}, {@code CompletionStage} or {@code Mono} of one of these; a {@code Mono} asks when it is
 * subscribed to. Its body does not run. It is not private and not final, and neither is its class; it does not take part in
 * a transaction, since callers that hold connections while they wait for a batch can keep the batch from getting one.
 *
 * <p><b>The batch method</b> takes a {@code List}, {@code Collection}, {@code Iterable} or, if it returns a map, a
 * {@code Set} of keys. It returns a {@code List<R>}, by position; or a {@code Map} from key to {@code R}; or a
 * {@code CompletionStage} or {@code Mono} of one of these; or a {@code Flux<R>}, by position; or {@code void}, if the single
 * call does. With a map, equal keys are asked once. It runs on a thread of the batcher, with all advice that the bean has
 * for it, such as a transaction.
 *
 * <p><b>No result.</b> Where the map has no value for a key, an {@code Optional} or a {@code Mono} is empty; any other call
 * fails with {@link io.microbatcher.MissingResultException}.
 *
 * <p><b>Failure.</b> What the batch method throws comes out of each single call of the batch as it is, if its signature
 * allows: an unchecked exception, or a checked one that the single call declares. It is one object for all callers. A checked
 * exception that is not declared comes in a {@link io.microbatcher.JobFailedException}. In a future or a {@code Mono}
 * everything comes as it is. A caller that is interrupted gets a
 * {@link java.util.concurrent.CancellationException}, with its interrupt flag set, unless the method declares
 * {@link InterruptedException}.
 *
 * <p><b>Self-invocation.</b> A call inside of the same object does not pass through the proxy, and is not batched. Where
 * such a call is certain the application does not start.
 *
 * <p><b>Options.</b> The properties {@code microbatcher.instances.<name>.*} win over what is said here, and this over
 * {@code microbatcher.defaults.*}. A {@link MicroBatcherCustomizer} has the last word.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface MicroBatched {
    /**
     * Names the method of the same bean that does many at once.
     *
     * @return the name of a method that is not private, not static and not final
     */
    String batchMethod();

    /**
     * Names the batcher, for {@code microbatcher.instances.<name>.*}, the endpoint, meters and logs.
     *
     * @return the name; if empty, the default, the name of the bean, a hyphen and the name of the method
     */
    String name() default "";

    /**
     * Sets the largest number of keys in a batch, {@link MicroBatcher.Builder#batchSize}.
     *
     * @return 1 or more; 0, the default, for: not set here
     */
    int batchSize() default 0;

    /**
     * Sets the longest that a key waits for its batch to fill, {@link MicroBatcher.Builder#batchCycle}.
     *
     * @return a duration such as {@code 5ms} or {@code PT0.005S}; if empty, the default, it is not set here
     */
    String batchCycle() default "";

    /**
     * Sets how many calls of the batch method may run at a time, {@link MicroBatcher.Builder#maxConcurrentBatches}.
     *
     * @return 1 or more; 0, the default, for: not set here
     */
    int maxConcurrentBatches() default 0;
}
