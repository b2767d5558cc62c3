package io.microbatcher.cli.pipe;

import static io.microbatcher.cli.pipe.Pipe.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FlowTest {
    @TempDir
    Path directory;

    /** Lines without end, and how many bytes of them were read. */
    private static final class Endless extends InputStream {
        private final AtomicLong read = new AtomicLong();

        @Override
        public int read() {
            throw new AssertionError("one byte at a time");
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            for (int i = 0; i < length; i++) {
                bytes[offset + i] = (byte) (read.getAndIncrement() % 2 == 0 ? 'y' : '\n');
            }
            return length;
        }
    }

    @Test
    void aTrickleLeavesByItsAgeWhileTheInputStaysOpen() throws Exception {
        PipedOutputStream feed = new PipedOutputStream();
        Pipe pipe = new Pipe().from(new PipedInputStream(feed));
        CompletableFuture<Integer> status = pipe.start("--exec", "cat", "--batch-cycle", "20ms");
        for (String line : new String[] {"one", "two"}) {
            feed.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            feed.flush();
            await().atMost(Duration.ofSeconds(30)).until(() -> pipe.lines().contains(line));
        }
        assertThat(status).isNotDone();
        feed.close();
        assertThat(status.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(pipe.lines()).containsExactly("one", "two");
    }

    @Test
    void aTrickleIsPrintedAsCompletedToo() throws Exception {
        PipedOutputStream feed = new PipedOutputStream();
        Pipe pipe = new Pipe().from(new PipedInputStream(feed));
        CompletableFuture<Integer> status = pipe.start("--exec", "cat", "--batch-cycle", "20ms", "--as-completed");
        feed.write("one\n".getBytes(StandardCharsets.UTF_8));
        feed.flush();
        await().atMost(Duration.ofSeconds(30)).until(() -> pipe.lines().contains("one"));
        feed.close();
        assertThat(status.get(30, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void aReaderThatStopsReadingStopsTheIntake() throws Exception {
        for (String order : new String[] {"--batch-size=100", "--as-completed"}) {
            CountDownLatch reading = new CountDownLatch(1);
            CountDownLatch stuck = new CountDownLatch(1);
            Endless input = new Endless();
            Pipe pipe = new Pipe().from(input).to(new OutputStream() {
                @Override
                public void write(int b) {}

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    stuck.countDown();
                    Uninterruptibly.get(() -> reading.await(60, TimeUnit.SECONDS));
                    throw new IOException("Broken pipe");
                }
            });
            CompletableFuture<Integer> status = pipe.start("--exec", "cat", order, "--max-pending", "5000");
            assertThat(stuck.await(30, TimeUnit.SECONDS)).isTrue();
            AtomicLong before = new AtomicLong(-1);
            await().pollInterval(Duration.ofMillis(300))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> before.getAndSet(input.read.get()) == input.read.get());
            // 5,000 lines of 2 bytes, and a buffer that is read and not yet taken
            assertThat(input.read.get()).isLessThanOrEqualTo(10_000 + 2 * TextLines.BUFFER);
            reading.countDown();
            assertThat(status.get(30, TimeUnit.SECONDS)).isEqualTo(141);
        }
    }

    @Test
    void bytesAreBoundedAsWellAsJobs() throws Exception {
        AtomicLong read = new AtomicLong();
        InputStream large = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("one byte at a time");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                for (int i = 0; i < length; i++) {
                    bytes[offset + i] = (byte) (read.incrementAndGet() % 10_000 == 0 ? '\n' : 'z');
                }
                return length;
            }
        };
        Path go = directory.resolve("go");
        Pipe pipe = new Pipe().from(large).to(OutputStream.nullOutputStream());
        CompletableFuture<Integer> status = pipe.start(
                "--max-pending-bytes", "1m", "--exec", "while [ ! -e " + go + " ]; do sleep 0.01; done; exit 1");
        AtomicLong before = new AtomicLong(-1);
        await().pollInterval(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(30))
                .until(() -> read.get() > 500_000 && before.getAndSet(read.get()) == read.get());
        assertThat(read.get()).isLessThanOrEqualTo((1 << 20) + 4 * TextLines.BUFFER);
        Files.createFile(go);
        assertThat(status.get(30, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void aWindowSmallerThanTheBatchDoesNotWaitForTheCycle() {
        Pipe pipe = Pipe.of(numbers(50));
        assertThat(pipe.run("--exec", "cat", "--max-pending", "10", "--batch-size", "1000", "--batch-cycle", "1d"))
                .isZero();
        assertThat(pipe.out()).isEqualTo(numbers(50));
    }

    @Test
    void aReaderThatHasGoneEndsTheRunQuietlyAndNoJobIsLost() throws Exception {
        Path letters = directory.resolve("dead");
        Pipe pipe = new Pipe().from(new Endless()).to(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        });
        int status = pipe.run("--exec", "cat", "--summary", "json", "--dead-letter", letters.toString());
        assertThat(status).isEqualTo(141);
        assertThat(pipe.err().lines()).hasSize(1);
        int read = number(pipe.err(), "read");
        assertThat(number(pipe.err(), "unwritten") + number(pipe.err(), "unprocessed"))
                .isEqualTo(read);
        assertThat(Files.readAllLines(letters)).hasSize(read);
    }

    @Test
    void aReaderThatHasGoneEndsTheCommandInFlight() {
        Pipe pipe = new Pipe().from(new Endless()).to(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        });
        String onlyTheFirstIsQuick = "mkdir " + directory + "/first 2>/dev/null || sleep 1000; cat";
        assertThat(pipe.run("--exec", onlyTheFirstIsQuick, "--concurrency", "2", "--as-completed"))
                .isEqualTo(141);
        assertThat(pipe.err()).isEmpty();
    }

    @Test
    void withoutDeadLettersTheFirstFailureStopsTheIntake() {
        Endless input = new Endless();
        Pipe pipe = new Pipe().from(input);
        assertThat(pipe.run("--exec", "exit 3", "--batch-size", "100")).isEqualTo(1);
        assertThat(pipe.err())
                .contains("microbatcher pipe: line 1 of standard input: exit status 3\n")
                .containsOnlyOnce("exit status 3");
    }

    @Test
    void whatWasAcceptedBeforeTheFirstFailureIsFinished() {
        Path read = directory.resolve("read");
        InputStream input =
                new FilterInputStream(new ByteArrayInputStream(numbers(300).getBytes(StandardCharsets.UTF_8))) {
                    @Override
                    public int read(byte[] bytes, int offset, int length) throws IOException {
                        int count = super.read(bytes, offset, length);
                        if (count < 0) {
                            Files.createFile(read);
                        }
                        return count;
                    }
                };
        Pipe pipe = new Pipe().from(input);
        String firstFails =
                "while [ ! -e " + read + " ]; do sleep 0.01; done; read a; [ $a = 1 ] && exit 5; echo $a; cat";
        assertThat(pipe.run("--exec", firstFails, "--batch-size", "100", "--max-pending", "300"))
                .isEqualTo(1);
        assertThat(pipe.lines()).hasSize(200).startsWith("101").endsWith("300");
        assertThat(pipe.err())
                .contains("200 succeeded, 100 failed")
                .contains("microbatcher pipe: the input was read to its end; 299 more lines had been accepted and were "
                        + "still processed\n");
    }

    @Test
    void aFailureThatCutsTheInputShortSaysAfterWhichLineAndWhatWasStillProcessed() {
        for (String order : new String[] {"--batch-cycle=200ms", "--as-completed"}) {
            Pipe pipe = new Pipe().from(new Endless());
            String firstFails = "mkdir " + directory + "/" + order + " 2>/dev/null && exit 5; cat";
            assertThat(pipe.run("--exec", firstFails, "--batch-size", "10", order))
                    .isEqualTo(1);
            assertThat(pipe.err())
                    .containsPattern("microbatcher pipe: stopped reading after line \\d+ of standard input; "
                            + "\\d+ more lines had been accepted and were still processed; later lines were not read; "
                            + "--dead-letter FILE goes on instead\n");
            int last = Integer.parseInt(pipe.err().replaceAll("(?s).*after line (\\d+) of.*", "$1"));
            assertThat(pipe.err())
                    .contains("after line " + last + " of standard input; " + (last - 1) + " more lines")
                    .contains(last + " read, ");
            assertThat(last).isBetween(10, 60); // a window of 40, and what its first results let in
        }
    }

    @Test
    void withDeadLettersNothingIsCutShort() {
        Pipe pipe = Pipe.of(numbers(300));
        String letters = directory.resolve("dead").toString();
        assertThat(pipe.run("--exec", "exit 5", "--dead-letter", letters)).isEqualTo(1);
        assertThat(pipe.err()).contains("300 failed").doesNotContain("reading");
    }

    private static int number(String json, String name) {
        String after = json.substring(json.indexOf("\"" + name + "\":") + name.length() + 3);
        return Integer.parseInt(after.substring(0, after.indexOf(',')));
    }
}
