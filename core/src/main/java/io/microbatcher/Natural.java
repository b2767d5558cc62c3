package io.microbatcher;

/** Whatever waits is due. */
final class Natural extends DispatchPolicy {
    static final Natural INSTANCE = new Natural();

    private Natural() {
        super("natural");
    }

    @Override
    long dueNanos(Waiting waiting, Observed observed) {
        return waiting.oldestNanos();
    }

    @Override
    DispatchReason reason(Waiting waiting, Observed observed) {
        return DispatchReason.IDLE;
    }

    @Override
    int lookAgainAt(Waiting waiting, Observed observed) {
        return 1;
    }

    @Override
    boolean isEager() {
        return true;
    }
}
