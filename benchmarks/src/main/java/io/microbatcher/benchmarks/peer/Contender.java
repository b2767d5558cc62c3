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
