package io.microbatcher.benchmarks.soak;

import io.microbatcher.MicroBatcher;
import io.microbatcher.ResultChannel;
import java.util.concurrent.Future;

/** One thread submits to a channel, another takes; the channel is smaller than what is under way. */
final class Channels implements Scenario {
    @Override
    public String name() {
        return "channel";
    }

    @Override
    public String exercises() {
        return "<code>openChannel</code>, <code>submit</code>, <code>trySubmit</code>, iteration, <code>halfClose</code>, "
                + "the natural policy";
    }

    @Override
    public void run(Round round) throws Exception {
        try (MicroBatcher<Entry, Long> batcher = round.watched(MicroBatcher.builder(round::write)
                .batchSize(25)
                .dispatchPolicy(io.microbatcher.DispatchPolicy.natural()))) {
            ResultChannel<Entry, Long> channel = batcher.openChannel(64);
            Future<?> taker = round.threads.submit(() -> {
                for (ResultChannel.Result<Entry, Long> result : channel) {
                    round.answered(result.job(), result.value(), result.failure());
                }
            });
            var random = round.random();
            while (round.goesOn()) {
                Entry entry = round.entry(random.nextInt(10), random);
                if (random.nextBoolean() || !channel.trySubmit(entry)) {
                    channel.submit(entry);
                }
                Round.pause(random, 3_000);
            }
            channel.halfClose();
            taker.get();
            round.check(channel.isFinished(), () -> "the channel has not finished after its last result");
        }
    }
}
