package io.microbatcher.benchmarks.peer;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.YieldingWaitStrategy;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A ring buffer whose handler collects what is there and processes it at the end of each run of events. */
final class LmaxDisruptor implements Peer {
    static final String YIELDING = "yielding";
    private static final int RING = 1 << 16;

    private final Disruptor<Place> disruptor;
    private final RingBuffer<Place> ring;

    LmaxDisruptor(Setting setting, Backend backend) {
        WaitStrategy strategy =
                setting.variant().equals(YIELDING) ? new YieldingWaitStrategy() : new BlockingWaitStrategy();
        this.disruptor = new Disruptor<>(Place::new, RING, Workers.DAEMONS, ProducerType.MULTI, strategy);
        List<Waiting> batch = new ArrayList<>(setting.size());
        disruptor.handleEventsWith((place, sequence, endOfBatch) -> {
            batch.add(place.waiting);
            place.waiting = null;
            if (endOfBatch || batch.size() == setting.size()) {
                Waiting.answer(batch, backend);
                batch.clear();
            }
        });
        this.ring = disruptor.start();
    }

    @Override
    public CompletableFuture<Long> submit(Long job) {
        Waiting waiting = new Waiting(job);
        long sequence = ring.next();
        try {
            ring.get(sequence).waiting = waiting;
        } finally {
            ring.publish(sequence);
        }
        return waiting;
    }

    @Override
    public void close() {
        disruptor.halt();
    }

    private static final class Place {
        Waiting waiting;
    }
}
