package io.microbatcher.benchmarks.peer;

import java.util.List;

/** Who takes part, under which name, and how it is opened with a setting. */
public enum Contender {
    OURS_ADAPTIVE("micro-batcher, adaptive, untuned", Kind.OURS) {
        @Override
        public Peer open(Setting setting, Backend backend) {
            return Ours.adaptive(backend);
        }
    },
    OURS_FIXED("micro-batcher, size or age", Kind.OURS) {
        @Override
        public Peer open(Setting setting, Backend backend) {
            return Ours.fixed(setting, backend);
        }
    },
    OURS_NATURAL("micro-batcher, natural", Kind.OURS) {
        @Override
        public Peer open(Setting setting, Backend backend) {
            return Ours.natural(setting, backend);
        }
    },
    HAND_NATURAL("hand-written, take and drain", Kind.NATURAL) {
        @Override
        public Peer open(Setting setting, Backend backend) {
            return new HandWrittenNatural(setting, backend);
        }
    },
    HAND_LINGER("hand-written, poll with time-out", Kind.LINGER) {
        @Override
        public Peer open(Setting setting, Backend backend) {
            return new HandWrittenLinger(setting, backend);
        }
    },
    DISRUPTOR("LMAX Disruptor, end of batch", Kind.NATURAL) {
        @Override
        public Peer open(Setting setting, Backend backend) {
            return new LmaxDisruptor(setting, backend);
        }
    },
    GAX("gax BatcherImpl", Kind.LINGER) {
        @Override
        public Peer open(Setting setting, Backend backend) {
            return new Gax(setting, backend);
        }
    },
    REACTOR("Reactor bufferTimeout", Kind.LINGER) {
        @Override
        public Peer open(Setting setting, Backend backend) {
            return new Reactor(setting, backend);
        }
    },
    PEKKO("Pekko groupedWithin", Kind.LINGER) {
        @Override
        public Peer open(Setting setting, Backend backend) {
            return new Pekko(setting, backend);
        }
    },
    TWITTER("Twitter Future.batched", Kind.LINGER) {
        @Override
        public Peer open(Setting setting, Backend backend) {
            return new TwitterBatched(setting, backend);
        }
    },
    HYSTRIX("Hystrix collapser", Kind.LINGER) {
        @Override
        public Peer open(Setting setting, Backend backend) {
            return new HystrixCollapsing(setting, backend);
        }
    },
    DATALOADER("java-dataloader, scheduled", Kind.LINGER) {
        @Override
        public Peer open(Setting setting, Backend backend) {
            return new ScheduledDataLoader(setting, backend);
        }
    },
    RAW_QUEUE("limit: JCTools MPSC queue", Kind.LIMIT) {
        @Override
        public Peer open(Setting setting, Backend backend) {
            return new RawQueue(setting, backend);
        }
    },
    ON_THE_SPOT("limit: future completed on the spot", Kind.LIMIT) {
        @Override
        public Peer open(Setting setting, Backend backend) {
            return new OnTheSpot();
        }
    };

    /** What decides when a batch of it leaves. */
    public enum Kind {
        OURS,
        NATURAL,
        LINGER,
        LIMIT
    }

    private final String label;
    private final Kind kind;

    Contender(String label, Kind kind) {
        this.label = label;
        this.kind = kind;
    }

    public abstract Peer open(Setting setting, Backend backend);

    public String label() {
        return label;
    }

    public Kind kind() {
        return kind;
    }

    public boolean isRival() {
        return kind == Kind.NATURAL || kind == Kind.LINGER;
    }

    public static List<Contender> rivals() {
        return List.of(values()).stream().filter(Contender::isRival).toList();
    }

    /** Says, for the page, how it is driven and what it cannot do. */
    public String note() {
        return switch (this) {
            case OURS_ADAPTIVE -> "`adaptive()`, nothing else set";
            case OURS_FIXED -> "`batchSize` and `batchCycle`";
            case OURS_NATURAL -> "`DispatchPolicy.natural()`";
            case HAND_NATURAL -> "`LinkedBlockingQueue`: `take`, then `drainTo`; no age, no bound, no close that waits";
            case HAND_LINGER -> "the same with `poll` until the batch is full or the time is up";
            case DISRUPTOR ->
                "ring of 65,536, one handler that processes at the end of a run of events; no age: it cannot hold a batch,"
                        + " and one handler can have only one batch with the backend";
            case GAX ->
                "`BatcherImpl` without flow control; time in whole milliseconds; its futures bridged to `CompletableFuture`";
            case REACTOR ->
                "`Flux.create` → `bufferTimeout` with fair backpressure → `flatMap`; the form without fair backpressure"
                        + " exceeded the size and left a lone job behind, so that it cannot take part";
            case PEKKO -> "`Source.queue` → `groupedWithin` → `mapAsync`";
            case TWITTER -> "its futures bridged to `CompletableFuture`";
            case HYSTRIX ->
                "global scope; time in whole milliseconds; two equal jobs in one batch are an error to it, so jobs in"
                        + " flight are distinct; end of life";
            case DATALOADER ->
                "without cache; it has no trigger of its own: a timer calls `dispatch()` every cycle, and so does the caller"
                        + " whose job fills a batch";
            case RAW_QUEUE -> "`MpscArrayQueue` and one thread that polls it; no wake-up, no age, no close";
            case ON_THE_SPOT -> "`new CompletableFuture<>()` and `complete`, by the caller itself; it does not batch";
        };
    }

    /**
     * Tells the setting that its documentation proposes, or where there is none the one that we would propose: 100 jobs
     * and 5 ms. gax: that of the Pub/Sub publisher, its best known user. Hystrix: no limit and 10 ms.
     */
    public Setting defaults() {
        return switch (this) {
            case GAX -> Setting.of(100, 1_000);
            case HYSTRIX -> Setting.of(Integer.MAX_VALUE, 10_000);
            default -> Setting.of(100, 5_000);
        };
    }
}
