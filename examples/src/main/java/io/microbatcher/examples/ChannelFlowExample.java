package io.microbatcher.examples;

import io.microbatcher.MicroBatcher;
import io.microbatcher.ResultChannel;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A channel as a {@link Flow.Publisher}: a subscriber that asks for one result at a time. */
final class ChannelFlowExample {
    private ChannelFlowExample() {}

    public static void main(String... args) throws InterruptedException {
        try (MicroBatcher<Integer, Integer> squares = MicroBatcher.builder(ChannelFlowExample::square)
                        .batchSize(4)
                        .build();
                ResultChannel<Integer, Integer> channel = squares.openChannel()) {
            OneAtATime subscriber = new OneAtATime();
            channel.subscribe(subscriber);
            for (int i = 1; i <= 10; i++) {
                channel.submit(i);
            }
            channel.halfClose();
            subscriber.end.await();
            System.out.println("sum " + subscriber.sum);
        }
    }

    private static List<Integer> square(List<Integer> numbers) {
        return numbers.stream().map(n -> n * n).toList();
    }

    /** Calls to a subscriber come one after another, so that it needs no lock of its own. */
    private static final class OneAtATime implements Flow.Subscriber<ResultChannel.Result<Integer, Integer>> {
        private final CountDownLatch end = new CountDownLatch(1);
        private Flow.@Nullable Subscription subscription;
        private int sum;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(ResultChannel.Result<Integer, Integer> result) {
            Integer value = result.value();
            sum += value == null ? 0 : value;
            if (subscription != null) {
                subscription.request(1);
            }
        }

        @Override
        public void onError(Throwable failure) {
            end.countDown();
        }

        @Override
        public void onComplete() {
            end.countDown();
        }
    }
}
