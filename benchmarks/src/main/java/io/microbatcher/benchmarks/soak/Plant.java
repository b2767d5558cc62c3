package io.microbatcher.benchmarks.soak;

import java.util.concurrent.ExecutorService;

/** What all rounds share. */
record Plant(Ledger ledger, Faults faults, Totals totals, ExecutorService threads, long seed) {}
