package io.microbatcher;

/** Has nothing to say: size and age are limits that hold with every policy. */
final class SizeOrAge extends DispatchPolicy {
    static final SizeOrAge INSTANCE = new SizeOrAge();

    private SizeOrAge() {
        super("sizeOrAge");
    }

    @Override
    long dueNanos(Waiting waiting, Observed observed) {
        return Nanos.FOREVER;
    }

    @Override
    DispatchReason reason(Waiting waiting, Observed observed) {
        return DispatchReason.AGE;
    }

    @Override
    int lookAgainAt(Waiting waiting, Observed observed) {
        return Integer.MAX_VALUE;
    }

    @Override
    boolean isEager() {
        return false;
    }
}
