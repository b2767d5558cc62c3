package io.microbatcher.benchmarks.report;

import io.microbatcher.benchmarks.Workload;
import io.microbatcher.benchmarks.Workloads;
import io.microbatcher.benchmarks.peer.Contender;
import java.util.List;

/** A page of the documentation that is written by what measures. */
public enum Sheet {
    PERFORMANCE("performance.md", """
            # Performance

            Every figure on this page was written by the program that measured it; nothing is typed by hand. Rerun all of it with

                ./benchmarks/run

            one workload with `./benchmarks/run P3`, an indication in a quarter of an hour with `./benchmarks/run --short`, and write
            the page again from what was kept in `benchmarks/results` with `./benchmarks/run --report`.

            How to read it:

            - A figure is the **median over fresh JVMs**, with the lowest and the highest of them in brackets. Contenders take turns
              (A B C, B C A, …), so that a disturbance of the machine hits all of them.
            - Every contender has the same callers, the same backend and **its own best setting**, searched for in the same run where
              settings matter; where a default is compared, the section says which.
            - A **ratio to the bar** above 1 is better than what was asked for before measuring.
            - Each section names the machine, the JVM, the command and the versions of its own run.
            """) {
        @Override
        List<Workload> workloads() {
            return Workloads.all();
        }

        @Override
        String afterTheBars() {
            StringBuilder table = new StringBuilder("## Who takes part\n\n| | how |\n| --- | --- |\n");
            for (Contender contender : Contender.values()) {
                table.append("| ")
                        .append(contender.label())
                        .append(" | ")
                        .append(contender.note())
                        .append(" |\n");
            }
            return table.append('\n').toString();
        }
    },

    POSTGRES("postgres.md", """
            # PostgreSQL

            What callers with one row each gain over a real PostgreSQL. Every figure on this page was written by the program that
            measured it; nothing is typed by hand. Rerun it with

                ./benchmarks/run postgres

            a few minutes' indication with `./benchmarks/run --short postgres`.

            How it was measured:

            - The server is started from a jar, with `fsync` and `synchronous_commit` **on**, which the jar has off. It **shares the
              machine's cores with the callers**: on a server of its own, both would have more.
            - *Local* is a connection on this machine. *Far* goes through a proxy that holds back each byte for half of 1.5 ms, both
              ways; it takes some of the same cores for every message, more for many small ones than for few large ones.
            - *Find by id* reads one of 100,000 rows by its primary key; *insert* writes a row that is on disk when the call returns.
            - Callers that wait are answered once in a round trip at most, whoever serves them: 64 of them, far, get no more than
              64 / 1.5 ms = 42,700 rows/s. What can be gained there is only what calls one at a time lose to work.
            - **One row at a time**: as many callers as connections; each keeps its own, and executes a prepared statement.
            - **Batches by hand**, the upper limit: 4 connections with a thread each (fewer if there are fewer callers), which does
              nothing but execute batches (`= ANY (?)`, `unnest`) of rows that are there already, as many as the callers' share
              and 100 at most.
            - **The micro-batcher**, over the processors of `microbatcher-jdbc` and a HikariCP pool of 4 connections:
              `maxConcurrentBatches(4)` is set to their number, **and nothing else**: adaptive, with its `batchSize` of 100. *Blocked*
              callers call `run`; *async* is one thread that submits, with as many jobs under way as there are callers in the row.
            - *Platform threads* are those of the default JDK; *virtual threads*, of the callers and of the batcher, those of the
              newest at hand.
            - A figure is the **median over all turns of all fresh JVMs**, with the lowest and the highest in brackets. The ways take
              turns of a fraction of a second, and a ratio is the median of the ratios of turns side by side: what disturbs the
              machine disturbs both. Of a lone caller, who waits all the time, the median time of a call is compared.
            - The load before the run, at the end of the page, tells whether others used the machine. If it is above the number of
              cores, brackets are wide: two runs may then judge the same bar differently, and a lone caller's figures say least.
            - Every answer is compared with its question, and after each turn the rows in the table are counted.
            """) {
        @Override
        List<Workload> workloads() {
            return List.of(Workloads.postgres());
        }
    };

    private final String file;
    private final String head;

    Sheet(String file, String head) {
        this.file = file;
        this.head = head;
    }

    /** Its sections, in their order. */
    abstract List<Workload> workloads();

    String afterTheBars() {
        return "";
    }

    /** Its name in the folder of the documentation. */
    public String file() {
        return file;
    }

    /** The folder of its plots, beside it. */
    String folder() {
        return file.replace(".md", "");
    }

    String head() {
        return head;
    }

    /** The page that a workload has its section on. */
    public static Sheet of(Workload workload) {
        return workload.equals(Workloads.postgres()) ? POSTGRES : PERFORMANCE;
    }
}
