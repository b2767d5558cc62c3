package io.microbatcher.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.MicroBatcher;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The sample works, the load test runs, and the pages show the code that does. */
class SampleTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();

    @Test
    void aCustomerThatIsAddedIsFoundWithAndWithoutTheBatcher() throws Exception {
        try (ConfigurableApplicationContext application =
                SpringApplication.run(SampleApplication.class, "--server.port=0")) {
            String base = "http://localhost:" + application.getEnvironment().getProperty("local.server.port");
            for (String path : new String[] {"/customers", "/direct/customers"}) {
                HttpResponse<String> added = send(HttpRequest.newBuilder(URI.create(base + path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"name\":\"Ada\"}")));
                assertThat(added.statusCode()).isEqualTo(200);
                assertThat(added.body()).contains("\"name\":\"Ada\"");
                String id = added.body().replaceAll("\\D", "");
                assertThat(send(HttpRequest.newBuilder(URI.create(base + path + "/" + id)))
                                .body())
                        .isEqualTo(added.body());
                assertThat(send(HttpRequest.newBuilder(URI.create(base + path + "/987654321")))
                                .statusCode())
                        .isEqualTo(404);
            }
            assertThat(send(HttpRequest.newBuilder(URI.create(base + "/actuator/microbatchers")))
                            .body())
                    .contains("\"customers-find\":{\"accepted\":2,", "\"newCustomer\":{\"accepted\":1,");
            MicroBatcher<?, ?> inserts = application.getBean("newCustomerBatcher", MicroBatcher.class);
            assertThat(inserts.stats().slots()).isEqualTo(4);
        }
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void theLoadTestRuns() throws Exception {
        ByteArrayOutputStream report = new ByteArrayOutputStream();
        LoadTest.run(
                new PrintStream(report, true, StandardCharsets.UTF_8),
                "--callers",
                "4",
                "--seconds",
                "0.1",
                "--rounds",
                "1");
        assertThat(report.toString(StandardCharsets.UTF_8))
                .contains(
                        "GET /customers/{id}",
                        "POST /customers",
                        "without the batcher",
                        "requests/s, with / without: ");
    }

    /** What is between the marks, without indentation, is in both pages. */
    @Test
    void thePagesShowTheCodeThatIsCompiled() throws Exception {
        for (String file : new String[] {"Customers.java", "SampleApplication.java"}) {
            String source = Files.readString(
                    Path.of("src/main/java/io/microbatcher/sample").resolve(file));
            String shown = source.replaceAll("(?s).*// spotless:off\n(.*?)    // spotless:on.*", "$1")
                    .replaceAll("(?m)^ {4}", "");
            for (String page : new String[] {"README.md", "docs/spring.md"}) {
                assertThat(Files.readString(ROOT.resolve(page)))
                        .as(page + " and " + file)
                        .contains(shown);
            }
        }
    }
}
