package io.microbatcher.spring;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The ways in which a method gives a value: at once, or later. Reactor's classes are loaded only where a method has them. */
enum Later {
    NOW,
    STAGE,
    MONO,
    FLUX;

    /** How a return type gives its value. */
    static Later of(ResolvableType returned) {
        Class<?> type = returned.toClass();
        if (type == CompletableFuture.class || type == CompletionStage.class) {
            return STAGE;
        }
        return switch (type.getName()) {
            case "reactor.core.publisher.Mono" -> MONO;
            case "reactor.core.publisher.Flux" -> FLUX;
            default -> NOW;
        };
    }

    /** The type of the value; of a flux, that of one element. */
    ResolvableType valueOf(ResolvableType returned) {
        return this == NOW ? returned : returned.getGeneric(0);
    }

    /** What a method returned, as a future of its value; of a flux, of a list. */
    CompletableFuture<? extends @Nullable Object> future(Object returned) {
        return switch (this) {
            case NOW -> CompletableFuture.completedFuture(returned);
            case STAGE -> ((CompletionStage<?>) returned).toCompletableFuture();
            case MONO -> Reactive.future(returned);
            case FLUX -> Reactive.list(returned);
        };
    }

    /** A future's value as a method returns it. A mono asks when it is subscribed to. */
    Object returned(Supplier<CompletableFuture<@Nullable Object>> asked) {
        return this == MONO ? Reactive.mono(asked) : asked.get();
    }

    private static final class Reactive {
        static CompletableFuture<? extends @Nullable Object> future(Object mono) {
            return ((Mono<?>) mono).toFuture();
        }

        static CompletableFuture<? extends @Nullable Object> list(Object flux) {
            return ((Flux<?>) flux).collectList().toFuture();
        }

        static Object mono(Supplier<CompletableFuture<@Nullable Object>> asked) {
            return Mono.fromFuture(asked);
        }
    }
}
