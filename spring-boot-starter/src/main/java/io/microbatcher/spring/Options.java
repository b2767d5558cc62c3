package io.microbatcher.spring;

import io.microbatcher.MicroBatcher;
import io.microbatcher.RetryPolicy;
import io.microbatcher.spring.BatcherProperties.Policy;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Applies what the layers say to a builder, the first layer that says something winning. Each option is tried out by
 * itself first, so that a complaint names the property that is wrong.
 */
final class Options {
    private static final Duration DEFAULT_FIRST = Duration.ofMillis(100);
    private static final Duration DEFAULT_LONGEST = Duration.ofSeconds(10);

    private final List<Layer> layers;

    /** @param layers those that win first */
    Options(List<Layer> layers) {
        this.layers = List.copyOf(layers);
    }

    void applyTo(MicroBatcher.Builder<?, ?> builder) {
        one("batch-size", BatcherProperties::batchSize, MicroBatcher.Builder::batchSize, builder);
        one("batch-cycle", BatcherProperties::batchCycle, MicroBatcher.Builder::batchCycle, builder);
        either(
                new Option<>(
                        "max-concurrent-batches",
                        BatcherProperties::maxConcurrentBatches,
                        MicroBatcher.Builder::maxConcurrentBatches),
                new Option<>(
                        "adaptive-concurrency",
                        BatcherProperties::adaptiveConcurrency,
                        MicroBatcher.Builder::adaptiveConcurrency),
                builder);
        one(
                "max-concurrent-batches-per-key",
                BatcherProperties::maxConcurrentBatchesPerKey,
                MicroBatcher.Builder::maxConcurrentBatchesPerKey,
                builder);
        one("max-pending", BatcherProperties::maxPending, MicroBatcher.Builder::maxPending, builder);
        one("overflow", BatcherProperties::overflow, MicroBatcher.Builder::overflow, builder);
        one("job-timeout", BatcherProperties::jobTimeout, MicroBatcher.Builder::jobTimeout, builder);
        one("batch-timeout", BatcherProperties::batchTimeout, MicroBatcher.Builder::batchTimeout, builder);
        either(
                new Option<>("dispatch-policy", BatcherProperties::dispatchPolicy, Options::policy),
                new Option<>("latency-target", BatcherProperties::latencyTarget, MicroBatcher.Builder::latencyTarget),
                builder);
        retry(builder);
    }

    /** An option: its name as in properties, where a layer says it, and how the builder is told. */
    private record Option<T>(
            String name, Function<BatcherProperties, @Nullable T> said, BiConsumer<MicroBatcher.Builder<?, ?>, T> set) {
        boolean isSaidBy(Layer layer) {
            return said.apply(layer.says()) != null;
        }

        void apply(Layer layer, MicroBatcher.Builder<?, ?> builder) {
            T value = said.apply(layer.says());
            if (value == null) {
                return;
            }
            String path = layer.path().apply(name);
            checked(path, value, () -> {
                MicroBatcher.Builder<Object, Object> alone =
                        MicroBatcher.builder(jobs -> jobs).name(path).partitionBy(job -> job);
                set.accept(alone, value);
                return alone.build();
            });
            set.accept(builder, value);
        }
    }

    private <T> void one(
            String name,
            Function<BatcherProperties, @Nullable T> said,
            BiConsumer<MicroBatcher.Builder<?, ?>, T> set,
            MicroBatcher.Builder<?, ?> builder) {
        Option<T> option = new Option<>(name, said, set);
        for (Layer layer : layers) {
            if (option.isSaidBy(layer)) {
                option.apply(layer, builder);
                return;
            }
        }
    }

    /** Of two options that exclude each other, the one that the first layer says. */
    private void either(Option<?> one, Option<?> other, MicroBatcher.Builder<?, ?> builder) {
        for (Layer layer : layers) {
            if (one.isSaidBy(layer) && other.isSaidBy(layer)) {
                throw new ConfigurationFault(
                        layer.path().apply(one.name()) + " and " + layer.path().apply(other.name())
                                + " exclude each other, but both are set",
                        "Set one of them");
            }
            if (one.isSaidBy(layer) || other.isSaidBy(layer)) {
                one.apply(layer, builder);
                other.apply(layer, builder);
                return;
            }
        }
    }

    private static void policy(MicroBatcher.Builder<?, ?> builder, Policy policy) {
        builder.dispatchPolicy(policy.dispatchPolicy());
    }

    // ---------------------------------------------------------------- retry: one option of five properties

    private void retry(MicroBatcher.Builder<?, ?> builder) {
        Said<Integer> attempts = said("retry.attempts", BatcherProperties.Retry::attempts);
        Said<Duration> first = said("retry.first-backoff", BatcherProperties.Retry::firstBackoff);
        Said<Duration> longest = said("retry.longest-backoff", BatcherProperties.Retry::longestBackoff);
        Said<Double> jitter = said("retry.jitter", BatcherProperties.Retry::jitter);
        Said<Boolean> bisect = said("retry.bisect", BatcherProperties.Retry::bisect);
        boolean bisects = bisect != null && bisect.value;
        if (attempts == null) {
            for (Said<?> useless : new @Nullable Said<?>[] {first, longest, jitter}) {
                if (useless != null && useless.isSpecial) { // defaults may be for others, which do try again
                    throw new ConfigurationFault(
                            useless.path + " is set, but nothing is tried again: retry.attempts is not set",
                            "Set retry.attempts beside it, to 2 or more, or remove it");
                }
            }
            if (!bisects) {
                return;
            }
        }
        RetryPolicy policy = attempts == null
                ? RetryPolicy.ofAttempts(1)
                : checked(attempts.path, attempts.value, () -> RetryPolicy.ofAttempts(attempts.value));
        if (first != null || longest != null) {
            policy = backoff(policy, first, longest);
        }
        if (jitter != null) {
            RetryPolicy soFar = policy;
            policy = checked(jitter.path, jitter.value, () -> soFar.jitter(jitter.value));
        }
        builder.retry(bisects ? policy.bisect() : policy);
    }

    private static RetryPolicy backoff(
            RetryPolicy policy, @Nullable Said<Duration> first, @Nullable Said<Duration> longest) {
        if (first == null && longest == null) {
            return policy;
        }
        // of the two, one alone moves the other's default along
        Duration begin = first != null ? first.value : shorter(DEFAULT_FIRST, longest == null ? null : longest.value);
        Duration end = longest != null ? longest.value : longer(DEFAULT_LONGEST, begin);
        Said<Duration> blamed = longest != null && (first == null || !first.value.isNegative()) ? longest : first;
        return checked(blamed == null ? "" : blamed.path, blamed, () -> policy.backoff(begin, end));
    }

    private static Duration shorter(Duration one, @Nullable Duration other) {
        return other != null && other.compareTo(one) < 0 ? other : one;
    }

    private static Duration longer(Duration one, Duration other) {
        return other.compareTo(one) > 0 ? other : one;
    }

    private <T> @Nullable Said<T> said(String name, Function<BatcherProperties.Retry, @Nullable T> value) {
        for (Layer layer : layers) {
            T found = value.apply(layer.says().retryOrNone());
            if (found != null) {
                return new Said<>(layer.path().apply(name), found, layer.equals(layers.get(0)));
            }
        }
        return null;
    }

    /** @param isSpecial whether it is said of this batcher alone */
    private record Said<T>(String path, T value, boolean isSpecial) {
        @Override
        public String toString() {
            return String.valueOf(value);
        }
    }

    private static <T> T checked(String path, @Nullable Object value, Supplier<T> attempt) {
        try {
            return attempt.get();
        } catch (IllegalArgumentException refused) {
            throw new ConfigurationFault(
                    path + " is '" + value + "', which cannot be: " + refused.getMessage(), "Correct " + path);
        }
    }
}
