package io.microbatcher.micrometer;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Prometheus is given when it scrapes, over HTTP, after {@link Traffic}. */
record Scrape(List<Sample> samples) {
    private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** A line of it. */
    record Sample(String metric, Map<String, String> labels, double value) {}

    static Scrape afterTraffic() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Traffic.through(registry);
        return of(registry);
    }

    static Scrape of(PrometheusMeterRegistry registry) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> serve(server, registry));
            URL metrics = new URL("http", server.getInetAddress().getHostAddress(), server.getLocalPort(), "/metrics");
            try (InputStream body = metrics.openStream()) {
                return parsed(new String(body.readAllBytes(), StandardCharsets.UTF_8));
            } finally {
                served.get(30, TimeUnit.SECONDS);
            }
        }
    }

    /** Answers one request, as an endpoint for Prometheus does. */
    private static void serve(ServerSocket server, PrometheusMeterRegistry registry) {
        try (Socket client = server.accept()) {
            BufferedReader request =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            while (!request.readLine().isEmpty()) {} // the headers
            client.getOutputStream()
                    .write(("HTTP/1.0 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n\r\n"
                                    + registry.scrape())
                            .getBytes(StandardCharsets.UTF_8));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Scrape parsed(String text) {
        List<Sample> samples = new ArrayList<>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher sample = LINE.matcher(line);
            if (!sample.matches()) {
                throw new AssertionError("no line of Prometheus's text format: " + line);
            }
            Map<String, String> labels = new LinkedHashMap<>();
            String pairs = sample.group(2) == null ? "" : sample.group(2);
            for (MatchResult pair : LABEL.matcher(pairs).results().toList()) {
                labels.put(pair.group(1), pair.group(2));
            }
            samples.add(new Sample(sample.group(1), labels, Double.parseDouble(sample.group(3))));
        });
        return new Scrape(samples);
    }

    List<String> metrics() {
        return samples.stream().map(Sample::metric).distinct().toList();
    }

    List<Sample> of(String metric) {
        return samples.stream().filter(sample -> sample.metric().equals(metric)).toList();
    }
}
