package io.microbatcher.sample;

import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Calls the sample over HTTP, from the same machine and the same JVM, with callers that each wait for their answer. Rounds
 * with and without the batcher take turns, so that what disturbs the machine disturbs both.
 */
public final class LoadTest {
    private static final String USAGE = """
            Calls the sample over HTTP, with and without the batcher.

              --callers 64    how many call at the same time, each waiting for its answer
              --seconds 5     how long a round takes
              --rounds 5      how many rounds with and without the batcher, in turns; one more of each warms up
            """;

    private final int callers;
    private final long roundNanos;
    private final int rounds;
    private final String base;
    private final HttpClient client;
    private final ExecutorService threads;

    private LoadTest(int callers, long roundNanos, int rounds, int port) {
        this.callers = callers;
        this.roundNanos = roundNanos;
        this.rounds = rounds;
        this.base = "http://localhost:" + port;
        this.threads = Executors.newFixedThreadPool(callers);
        this.client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    /**
     * Starts the sample on a free port and calls it.
     *
     * @param arguments {@code --callers}, {@code --seconds}, {@code --rounds}
     * @throws Exception if a request fails or is answered by anything but 200
     */
    public static void main(String[] arguments) throws Exception {
        run(System.out, arguments);
    }

    static void run(PrintStream out, String... arguments) throws Exception {
        int callers = 64;
        double seconds = 5;
        int rounds = 5;
        for (int i = 0; i < arguments.length; i += 2) {
            String value = i + 1 < arguments.length ? arguments[i + 1] : "";
            switch (arguments[i]) {
                case "--callers" -> callers = Integer.parseInt(value);
                case "--seconds" -> seconds = Double.parseDouble(value);
                case "--rounds" -> rounds = Integer.parseInt(value);
                default -> {
                    out.print(USAGE);
                    return;
                }
            }
        }
        try (ConfigurableApplicationContext application =
                SpringApplication.run(SampleApplication.class, "--server.port=0", "--spring.main.banner-mode=off")) {
            int port = application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            LoadTest test = new LoadTest(callers, (long) (seconds * 1e9), rounds, port);
            try {
                test.compare(out);
            } finally {
                test.threads.shutdownNow();
            }
        }
    }

    private record Round(double requestsPerSecond, double medianMillis, double p99Millis) {}

    private void compare(PrintStream out) throws Exception {
        out.printf(
                Locale.ROOT,
                "%d callers, %d rounds of %.1f s, JDK %s, %d processors%n",
                callers,
                rounds,
                roundNanos / 1e9,
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors());
        for (boolean posts : new boolean[] {false, true}) {
            List<Round> direct = new ArrayList<>();
            List<Round> batched = new ArrayList<>();
            for (int round = 0; round <= rounds; round++) {
                Round without = round(posts, "/direct/customers");
                Round with = round(posts, "/customers");
                if (round > 0) { // the first warms up
                    direct.add(without);
                    batched.add(with);
                }
            }
            report(out, posts ? "POST /customers" : "GET /customers/{id}", direct, batched);
        }
    }

    private static void report(PrintStream out, String endpoint, List<Round> direct, List<Round> batched) {
        double[] ratios = new double[direct.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = batched.get(i).requestsPerSecond / direct.get(i).requestsPerSecond;
        }
        Arrays.sort(ratios);
        out.printf(Locale.ROOT, "%n%s%n", endpoint);
        line(out, "without the batcher", direct);
        line(out, "with the batcher", batched);
        out.printf(
                Locale.ROOT,
                "  requests/s, with / without: %.2f (%.2f to %.2f)%n",
                ratios[ratios.length / 2],
                ratios[0],
                ratios[ratios.length - 1]);
    }

    private static void line(PrintStream out, String name, List<Round> rounds) {
        out.printf(
                Locale.ROOT,
                "  %-20s %,8.0f requests/s, median %6.2f ms, 99 %% within %7.2f ms%n",
                name,
                median(rounds.stream().mapToDouble(Round::requestsPerSecond).toArray()),
                median(rounds.stream().mapToDouble(Round::medianMillis).toArray()),
                median(rounds.stream().mapToDouble(Round::p99Millis).toArray()));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private Round round(boolean posts, String path) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<List<Long>>> answers = new ArrayList<>();
        for (int caller = 0; caller < callers; caller++) {
            SplittableRandom random = new SplittableRandom(caller);
            answers.add(threads.submit(() -> {
                start.await();
                return call(posts, path, random);
            }));
        }
        long began = System.nanoTime();
        start.countDown();
        List<Long> nanos = new ArrayList<>();
        for (Future<List<Long>> answer : answers) {
            nanos.addAll(answer.get());
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        nanos.sort(null);
        return new Round(
                nanos.size() / seconds,
                nanos.get(nanos.size() / 2) / 1e6,
                nanos.get((int) (nanos.size() * 0.99)) / 1e6);
    }

    private List<Long> call(boolean posts, String path, SplittableRandom random) throws Exception {
        List<Long> nanos = new ArrayList<>();
        long end = System.nanoTime() + roundNanos;
        do {
            long id = random.nextLong(1, DatabaseConfiguration.CUSTOMERS + 1);
            HttpRequest request = posts
                    ? HttpRequest.newBuilder(URI.create(base + path))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString("{\"name\":\"new " + id + "\"}"))
                            .build()
                    : HttpRequest.newBuilder(URI.create(base + path + "/" + id)).build();
            long sent = System.nanoTime();
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            nanos.add(System.nanoTime() - sent);
            if (response.statusCode() != 200) {
                throw new IllegalStateException(request + " was answered by " + response.statusCode());
            }
        } while (System.nanoTime() < end);
        return nanos;
    }
}
