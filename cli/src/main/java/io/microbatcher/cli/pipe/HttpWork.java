package io.microbatcher.cli.pipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.microbatcher.BatchProcessor;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Posts each batch as one JSON array, and takes an array of the same length back. Follows no redirect, repeats nothing. */
final class HttpWork implements Work {
    /** A hundred years, which the clocks of the client can count. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(36_500);

    private static final int EXCERPT = 512;

    private final URI url;
    private final Duration timeout;
    private final HttpRequest.Builder prototype;
    private final Window window;
    private final HttpClient client;
    private final ObjectReader reader = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build()
            .readerFor(JsonNode.class);
    private final AtomicLong exchanges = new AtomicLong();
    private final Map<Long, CompletableFuture<?>> inFlight = new ConcurrentHashMap<>();
    private volatile boolean aborted;

    HttpWork(String url, List<String> headers, Duration timeout, Window window) throws RefusedException {
        this.timeout = timeout.compareTo(LONGEST_WAIT) < 0 ? timeout : LONGEST_WAIT;
        this.window = window;
        try {
            this.url = URI.create(url);
            this.prototype = HttpRequest.newBuilder(this.url);
        } catch (IllegalArgumentException bad) {
            throw RefusedException.usage("--http is no URL that can be posted to: " + bad.getMessage()
                    + (url.contains("://") ? "" : "; did you mean http://" + url + "?"));
        }
        this.client = HttpClient.newBuilder().connectTimeout(this.timeout).build();
        prototype.setHeader("Content-Type", "application/json");
        prototype.setHeader("Accept", "application/json");
        for (String header : headers) {
            addHeader(header);
        }
    }

    private void addHeader(String header) throws RefusedException {
        int colon = header.indexOf(':');
        if (colon < 1) {
            throw RefusedException.usage("--header must look like 'Name: value', but was '" + header + "'");
        }
        try {
            prototype.setHeader(
                    header.substring(0, colon).strip(),
                    header.substring(colon + 1).strip());
        } catch (IllegalArgumentException refused) {
            throw RefusedException.usage("--header '" + header + "' cannot be sent: " + refused.getMessage());
        }
    }

    @Override
    public BatchProcessor<Line, Slice> processor() {
        return this::process;
    }

    private List<Slice> process(List<Line> jobs) throws WorkException, Aborted {
        if (aborted) {
            throw Aborted.before();
        }
        HttpResponse<byte[]> response = post(body(jobs));
        if (response.statusCode() / 100 != 2) {
            throw new WorkException("HTTP status " + response.statusCode() + excerpt(response.body()));
        }
        List<Slice> results = results(response.body(), jobs.size());
        long bytes = 0;
        for (Slice result : results) {
            bytes += result.length;
        }
        window.charge(bytes);
        return results;
    }

    private static byte[] body(List<Line> jobs) {
        StringBuilder json = new StringBuilder(jobs.size() * 32);
        char separator = '[';
        for (Line job : jobs) {
            Objects.requireNonNull(job.row).appendJson(json.append(separator));
            separator = ',';
        }
        return json.append(']').toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The limit of time covers all of it, the body of the response included, which the client's own does not. */
    private HttpResponse<byte[]> post(byte[] body) throws WorkException, Aborted {
        HttpRequest request =
                prototype.copy().POST(BodyPublishers.ofByteArray(body)).build();
        CompletableFuture<HttpResponse<byte[]>> exchange = client.sendAsync(request, BoundedBody.handler());
        long number = exchanges.incrementAndGet();
        inFlight.put(number, exchange);
        try {
            if (aborted) {
                exchange.cancel(true); // the abort may not have seen it
            }
            return Uninterruptibly.<HttpResponse<byte[]>, Exception>get(
                    () -> exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (CancellationException cancelled) {
            throw Aborted.during();
        } catch (TimeoutException late) {
            exchange.cancel(true);
            throw new WorkException("no response from " + url + " within " + timeout.toMillis() + " ms; see --timeout");
        } catch (ExecutionException failed) {
            if (aborted) {
                throw Aborted.during();
            }
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            throw new WorkException("no response from " + url + ": " + describe(cause));
        } catch (Exception never) {
            throw new IllegalStateException(never);
        } finally {
            inFlight.remove(number);
        }
    }

    private static String describe(Throwable cause) {
        for (Throwable inner = cause; inner != null; inner = inner.getCause()) {
            if (inner instanceof UnresolvedAddressException || inner instanceof UnknownHostException) {
                return "unknown host";
            }
        }
        if (cause instanceof ConnectException && cause.getMessage() == null) {
            return "connection refused";
        }
        String name = cause.getClass().getSimpleName();
        return cause.getMessage() == null ? name : name + ": " + Reasons.oneLine(cause.getMessage());
    }

    private static String excerpt(byte[] body) {
        String text = Reasons.oneLine(new String(body, 0, Math.min(body.length, EXCERPT), StandardCharsets.UTF_8));
        return text.isEmpty() ? "" : ": " + text;
    }

    private List<Slice> results(byte[] body, int jobs) throws WorkException {
        JsonNode array;
        try {
            array = reader.readValue(body);
        } catch (JsonProcessingException malformed) {
            throw new WorkException(
                    "the response is not JSON: " + Reasons.oneLine(malformed.getOriginalMessage()) + excerpt(body));
        } catch (IOException never) {
            throw new IllegalStateException(never);
        }
        if (!array.isArray() || array.size() != jobs) {
            throw new WorkException("the response is "
                    + (array.isArray() ? "an array of " + array.size() : "no array but " + array.getNodeType())
                    + "; it must be an array of " + jobs + ", one element for each job" + excerpt(body));
        }
        List<Slice> results = new ArrayList<>(jobs);
        for (JsonNode element : array) {
            results.add(Slice.of(line(element).getBytes(StandardCharsets.UTF_8)));
        }
        return results;
    }

    /** A string goes bare, unless it has a line break: that one stays JSON, as everything else, to remain one line. */
    private static String line(JsonNode element) {
        String text = element.isTextual() ? element.textValue() : null;
        return text != null && text.indexOf('\n') < 0 && text.indexOf('\r') < 0 ? text : element.toString();
    }

    @Override
    public void abort() {
        aborted = true;
        inFlight.values().forEach(exchange -> exchange.cancel(true));
    }

    @Override
    public void close() {}
}
