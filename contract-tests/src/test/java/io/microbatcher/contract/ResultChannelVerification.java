package io.microbatcher.contract;

import io.microbatcher.MicroBatcher;
import io.microbatcher.ResultChannel;
import io.microbatcher.ResultChannel.Result;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterMethod;

/**
 * What the Reactive Streams TCK examines: a channel into which a producer submits as many jobs as the examiner wants
 * elements, and the smallest capacity that keeps batches apart from each other. Run by {@link ReactiveStreamsTckTest}.
 */
public class ResultChannelVerification extends FlowPublisherVerification<Result<Long, Long>> {
    private static final int CAPACITY = 8;

    private final Queue<AutoCloseable> opened = new ConcurrentLinkedQueue<>();

    public ResultChannelVerification() {
        super(new TestEnvironment(1_000, 50));
    }

    @Override
    public Flow.Publisher<Result<Long, Long>> createFlowPublisher(long elements) {
        ResultChannel<Long, Long> channel = channel();
        Thread producer = new Thread(() -> produce(channel, elements), "producer");
        producer.setDaemon(true);
        producer.start();
        return channel;
    }

    /** A channel that was closed before its last result was taken has nothing but that to tell. */
    @Override
    public Flow.Publisher<Result<Long, Long>> createFailedFlowPublisher() {
        ResultChannel<Long, Long> channel = channel();
        channel.close();
        return channel;
    }

    private ResultChannel<Long, Long> channel() {
        MicroBatcher<Long, Long> batcher = MicroBatcher.builder((List<Long> jobs) -> jobs)
                .batchSize(3)
                .maxConcurrentBatches(2)
                .build();
        ResultChannel<Long, Long> channel = batcher.openChannel(CAPACITY);
        opened.add(channel); // closed first: it may hold jobs
        opened.add(batcher);
        return channel;
    }

    private static void produce(ResultChannel<Long, Long> channel, long elements) {
        try {
            for (long i = 0; i < elements; i++) {
                channel.submit(i);
            }
            channel.halfClose();
        } catch (IllegalStateException cancelled) {
            // the examiner has seen enough
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }

    @AfterMethod
    public void closeWhatWasOpened() throws Exception {
        for (AutoCloseable next = opened.poll(); next != null; next = opened.poll()) {
            next.close();
        }
    }
}
