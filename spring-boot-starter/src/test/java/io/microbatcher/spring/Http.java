package io.microbatcher.spring;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.context.ApplicationContext;

/** Calls an application at its port. */
final class Http {
    private final HttpClient client = HttpClient.newHttpClient();
    private final String port;

    Http(ApplicationContext application) {
        this.port = application.getEnvironment().getRequiredProperty("local.server.port");
    }

    CompletableFuture<HttpResponse<String>> get(String path) {
        return client.sendAsync(request(path).GET().build(), BodyHandlers.ofString());
    }

    HttpResponse<String> got(String path) throws Exception {
        return get(path).get(30, TimeUnit.SECONDS);
    }

    HttpResponse<String> post(String path) throws Exception {
        HttpRequest request = request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return client.sendAsync(request, BodyHandlers.ofString()).get(30, TimeUnit.SECONDS);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(Duration.ofSeconds(30));
    }
}
