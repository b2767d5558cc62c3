package io.microbatcher.cli.pipe;

import static io.microbatcher.cli.pipe.Pipe.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HttpTest {
    @TempDir
    Path directory;

    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        on("/echo", 200, body -> body);
        on("/short", 200, body -> "[1]");
        on("/text", 200, body -> "hello");
        on("/object", 200, body -> "{}");
        on("/down", 503, body -> "try\nlater");
        server.createContext("/hang", exchange -> {
            read(exchange);
            Uninterruptibly.get(() -> over.await(60, TimeUnit.SECONDS));
            exchange.close();
        });
        server.createContext("/trickle", exchange -> {
            read(exchange);
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('[');
            exchange.getResponseBody().flush();
            Uninterruptibly.get(() -> over.await(60, TimeUnit.SECONDS));
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void on(String path, int status, UnaryOperator<String> answer) {
        server.createContext(path, exchange -> {
            String body = read(exchange);
            bodies.add(body);
            tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Token")));
            byte[] response = answer.apply(body).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, response.length);
            exchange.getResponseBody().write(response);
            exchange.close();
        });
    }

    private static String read(HttpExchange exchange) throws IOException {
        return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    }

    private String url(String path) {
        return "http://localhost:" + server.getAddress().getPort() + path;
    }

    @Test
    void linesOfTextAreStrings() {
        Pipe pipe = Pipe.of("a\r\n\"q\" \\ \t\u0001\nü\uD83D\uDE00\n");
        assertThat(pipe.run("--http", url("/echo"), "--header", "X-Token: abc:d"))
                .isZero();
        assertThat(bodies).containsExactly("[\"a\",\"\\\"q\\\" \\\\ \\t\\u0001\",\"ü\uD83D\uDE00\"]");
        assertThat(tokens).containsExactly("abc:d");
        assertThat(pipe.out()).isEqualTo("a\n\"q\" \\ \t\u0001\nü\uD83D\uDE00\n");
    }

    @Test
    void valuesOfJsonGoAndComeAsTheyAre() {
        Pipe pipe = Pipe.of("{\"a\": 1.10}\nnull\n\"x\"\n\"two\\nlines\"\n[1,2]\n1e2\n");
        assertThat(pipe.run("--http", url("/echo"), "--format", "json")).isZero();
        assertThat(bodies).containsExactly("[{\"a\": 1.10},null,\"x\",\"two\\nlines\",[1,2],1e2]");
        assertThat(pipe.lines()).containsExactly("{\"a\":1.10}", "null", "x", "\"two\\nlines\"", "[1,2]", "1E+2");
    }

    @Test
    void recordsOfCsvAreObjects() {
        Pipe pipe = Pipe.of("id,name\n1,\"a\nb\"\n");
        assertThat(pipe.run("--http", url("/echo"), "--format", "csv")).isZero();
        assertThat(pipe.lines()).containsExactly("{\"id\":\"1\",\"name\":\"a\\nb\"}");
    }

    @Test
    void batchesAreRequests() {
        Pipe pipe = Pipe.of(numbers(25));
        assertThat(pipe.run("--http", url("/echo"), "--batch-size", "10", "--batch-cycle", "1h", "--concurrency", "3"))
                .isZero();
        assertThat(bodies).hasSize(3);
        assertThat(pipe.out()).isEqualTo(numbers(25));
    }

    @Test
    void aResponseThatIsNoSuccessFailsTheBatchWithItsBeginning() {
        fails("/down", "HTTP status 503: try later");
        fails("/nowhere", "HTTP status 404");
    }

    @Test
    void aResponseThatDoesNotFitFailsTheBatch() {
        fails("/short", "an array of 1; it must be an array of 2, one element for each job");
        fails("/object", "no array but OBJECT");
        fails("/text", "the response is not JSON");
    }

    @Test
    void aServerThatIsSlowOrNotThereFailsTheBatch() {
        fails("/hang", "no response from " + url("/hang") + " within 300 ms", "--timeout", "300ms");
        fails("/trickle", "within 300 ms", "--timeout", "300ms");
        server.stop(0);
        fails("/echo", "no response from " + url("/echo") + ": connection refused");
    }

    @Test
    void malformedLinesFailAlone() {
        Path letters = directory.resolve("dead");
        Pipe pipe = Pipe.of("1\n{\"a\":\n2 3\n4\n");
        int status = pipe.run("--http", url("/echo"), "--format", "json", "--dead-letter", letters.toString());
        assertThat(status).isEqualTo(1);
        assertThat(pipe.lines()).containsExactly("1", "4");
        assertThat(letters)
                .content()
                .contains(
                        "\"line\":2,\"reason\":\"malformed JSON at column 6",
                        "\"line\":3,\"reason\":\"malformed JSON at column 3");
    }

    @Test
    void headersAndAddressesThatCannotBeSentAreRefused() {
        refused("--header must look like 'Name: value', but was 'x'", url("/echo"), "--header", "x");
        refused("cannot be sent", url("/echo"), "--header", "Host: x");
        refused("--http is no URL", "no url");
        refused("--http is no URL", "ftp://x/");
        refused("did you mean http://localhost:8080/score?", "localhost:8080/score");
        refused("did you mean http://localhost/score?", "localhost/score");
    }

    private void fails(String path, String why, String... more) {
        Path letters = directory.resolve("dead");
        Pipe pipe = Pipe.of("a\nb\n");
        String[] arguments = new String[more.length + 4];
        arguments[0] = "--http";
        arguments[1] = url(path);
        arguments[2] = "--dead-letter";
        arguments[3] = letters.toString();
        System.arraycopy(more, 0, arguments, 4, more.length);
        assertThat(pipe.run(arguments)).isEqualTo(1);
        assertThat(letters).content().contains(why);
        assertThat(pipe.err()).contains("0 succeeded, 2 failed");
    }

    private static void refused(String why, String url, String... more) {
        Pipe pipe = Pipe.of("a\n");
        String[] arguments = new String[more.length + 2];
        arguments[0] = "--http";
        arguments[1] = url;
        System.arraycopy(more, 0, arguments, 2, more.length);
        assertThat(pipe.run(arguments)).isEqualTo(2);
        assertThat(pipe.err()).contains(why);
    }
}
