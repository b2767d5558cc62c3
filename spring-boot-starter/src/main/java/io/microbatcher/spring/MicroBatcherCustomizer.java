package io.microbatcher.spring;

import io.microbatcher.MicroBatcher;
import org.jspecify.annotations.Nullable;

/**
 * Says of a batcher what properties cannot: a weigher, the functions that tell keys, an executor, which failures are tried
 * again. A bean of this type is called for each batcher that the starter makes, after the properties have been applied and
 * before it is built.
 *
 * <pre>{@code
 * @Bean
 * MicroBatcherCustomizer<Order, Receipt> weighOrders() {
 *     return (name, builder) -> builder.maxBatchWeight(1_000_000, Order::bytes);
 * }
 * }</pre>
 *
 * <p>It is called for batchers of the types that its declaration names; {@code MicroBatcherCustomizer<?, ?>} is called
 * for all. Several are called in their {@linkplain org.springframework.core.annotation.Order order}.
 *
 * @param <J> the type of a job
 * @param <R> the type of a result
 */
@FunctionalInterface
public interface MicroBatcherCustomizer<J, R extends @Nullable Object> {
    /**
     * Changes the options of a batcher.
     *
     * @param name the batcher's name, as in {@code microbatcher.instances.<name>}
     * @param builder has what the properties say
     */
    void customize(String name, MicroBatcher.Builder<J, R> builder);
}
