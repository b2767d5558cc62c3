package io.microbatcher.benchmarks.soak;

import io.microbatcher.BatchProcessor;
import io.microbatcher.BatchProcessor.Answers;
import io.microbatcher.MicroBatcher;
import java.time.Duration;
import java.util.List;

/** Rows that the database refuses spoil no neighbour: the processor tries one by one, and answers as it goes. */
final class StreamedAnswers implements Scenario {
    @Override
    public String name() {
        return "streaming";
    }

    @Override
    public String exercises() {
        return "<code>BatchProcessor.streaming</code>, poison rows, answers one by one";
    }

    @Override
    public void run(Round round) throws Exception {
        try (MicroBatcher<Entry, Long> batcher = round.watched(MicroBatcher.builder(
                        BatchProcessor.<Entry, Long>streaming((batch, answers) -> process(round, batch, answers)))
                .batchSize(15)
                .batchCycle(Duration.ofMillis(5)))) {
            round.together(2, (index, random) -> {
                while (round.goesOn()) {
                    for (int i = random.nextInt(10); i >= 0; i--) {
                        boolean poison = random.nextInt(100) == 0;
                        round.submit(batcher, poison ? round.poison(index) : round.entry(index, random));
                    }
                    Round.pause(random, 40_000);
                }
            });
        }
    }

    private static void process(Round round, List<Entry> batch, Answers<Long> answers)
            throws NotWrittenException, UnknownOutcomeException {
        try {
            List<Long> amounts = round.write(batch);
            for (int i = 0; i < batch.size(); i++) {
                answers.complete(i, amounts.get(i));
            }
        } catch (NotWrittenException failed) {
            if (!failed.refused) {
                throw failed;
            }
            round.faults.count("the database refused a row");
            for (int i = 0; i < batch.size(); i++) {
                oneByOne(round, batch.get(i), i, answers);
            }
        }
    }

    private static void oneByOne(Round round, Entry entry, int position, Answers<Long> answers) {
        try {
            answers.complete(position, round.write(List.of(entry)).get(0));
            round.check(!entry.isPoison(), () -> "the database took " + entry);
        } catch (NotWrittenException | UnknownOutcomeException failed) {
            answers.fail(position, failed);
        }
    }
}
