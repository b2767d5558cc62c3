package io.microbatcher.site;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Chromium without a window, with one tab, spoken to by its DevTools protocol. For one thread. */
final class Browser {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");
    private static final Pattern ADDRESS = Pattern.compile("DevTools listening on (ws://\\S+)");
    private static final int PATIENCE_SECONDS = 30;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Path profile;
    private final WebSocket socket;
    private final String session;
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();

    /** The browser that {@code CHROMIUM} names, or one on the path. */
    static Optional<Path> find() {
        String named = System.getenv().getOrDefault("CHROMIUM", "");
        if (!named.isEmpty()) {
            return Optional.of(Path.of(named)).filter(Files::isExecutable);
        }
        return NAMES.stream()
                .flatMap(name -> Stream.of(
                                System.getenv().getOrDefault("PATH", "").split(":", -1))
                        .map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    Browser(Path executable) throws Exception {
        this.profile = Files.createTempDirectory("browser");
        List<String> command = new ArrayList<>(List.of(
                executable.toString(),
                "--headless",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "--disable-gpu",
                "--disable-quic",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-dev-shm-usage",
                "--disable-extensions",
                "--disable-sync",
                "--hide-scrollbars",
                "--no-default-browser-check",
                "--no-first-run"));
        if (System.getProperty("user.name").equals("root")) {
            command.add("--no-sandbox");
        }
        command.add("about:blank");
        this.process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String address = CompletableFuture.supplyAsync(this::address).get(PATIENCE_SECONDS, SECONDS);
            this.socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create(address), new Ears())
                    .get(PATIENCE_SECONDS, SECONDS);
            String tab = call("", "Target.createTarget", "url", "about:blank")
                    .path("targetId")
                    .asText();
            this.session = call("", "Target.attachToTarget", "targetId", tab, "flatten", true)
                    .path("sessionId")
                    .asText();
            for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
                call(session, domain + ".enable");
            }
        } catch (Exception unusable) {
            process.destroyForcibly();
            throw unusable;
        }
    }

    /** Gives the tab a size. */
    void resize(int width, int height) throws Exception {
        call(
                session,
                "Emulation.setDeviceMetricsOverride",
                "width",
                width,
                "height",
                height,
                "deviceScaleFactor",
                1,
                "mobile",
                false);
    }

    /** Makes pages believe that their reader likes it dark, or not. */
    void prefersDark(boolean dark) throws Exception {
        ObjectNode feature =
                JSON.createObjectNode().put("name", "prefers-color-scheme").put("value", dark ? "dark" : "light");
        call(
                session,
                "Emulation.setEmulatedMedia",
                "features",
                JSON.createArrayNode().add(feature));
    }

    /** Opens a page and waits until it is there with all that it shows. */
    void open(Path page) throws Exception {
        complaints.clear();
        loaded = new CompletableFuture<>();
        JsonNode answer = call(session, "Page.navigate", "url", page.toUri().toString());
        if (answer.has("errorText")) {
            complaints.add(answer.path("errorText").asText());
        } else {
            loaded.get(PATIENCE_SECONDS, SECONDS);
        }
    }

    /** What the console, the network and scripts have complained about since the page was opened. */
    List<String> complaints() throws Exception {
        evaluate("0"); // events come in order: what was said before this answer is here
        return List.copyOf(complaints);
    }

    JsonNode evaluate(String script) throws Exception {
        JsonNode answer =
                call(session, "Runtime.evaluate", "expression", script, "returnByValue", true, "awaitPromise", true);
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException(answer.path("exceptionDetails").toString());
        }
        return answer.path("result").path("value");
    }

    /** Clicks with the mouse on the middle of an element that can be seen. */
    void click(String selector) throws Exception {
        JsonNode place = evaluate("""
                (() => {
                  const element = document.querySelector(%s);
                  element.scrollIntoView({block: 'center'});
                  const box = element.getBoundingClientRect();
                  const x = box.x + box.width / 2, y = box.y + box.height / 2;
                  const there = document.elementFromPoint(x, y);
                  return {x, y, seen: element === there || element.contains(there)};
                })()""".formatted(JSON.writeValueAsString(selector)));
        if (!place.path("seen").asBoolean()) {
            throw new IllegalStateException(selector + " cannot be seen at " + place);
        }
        for (String what : List.of("mousePressed", "mouseReleased")) {
            call(
                    session,
                    "Input.dispatchMouseEvent",
                    "type",
                    what,
                    "x",
                    place.path("x"),
                    "y",
                    place.path("y"),
                    "button",
                    "left",
                    "clickCount",
                    1);
        }
    }

    /** Clicks on a link and waits for its page. */
    void follow(String selector) throws Exception {
        loaded = new CompletableFuture<>();
        click(selector);
        loaded.get(PATIENCE_SECONDS, SECONDS);
    }

    void close() throws Exception {
        try {
            call("", "Browser.close");
            process.waitFor(PATIENCE_SECONDS, SECONDS);
        } finally {
            process.destroyForcibly();
            try (Stream<Path> files = Files.walk(profile)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private String address() {
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        try {
            StringBuilder all = new StringBuilder();
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                Matcher address = ADDRESS.matcher(line);
                if (address.find()) {
                    // goes on reading: a browser that cannot write stops
                    CompletableFuture.runAsync(() -> said.lines().forEach(rest -> {}));
                    return address.group(1);
                }
                all.append(line).append('\n');
            }
            throw new IllegalStateException("the browser does not start: " + all);
        } catch (IOException gone) {
            throw new IllegalStateException("the browser does not start", gone);
        }
    }

    private JsonNode call(String sessionId, String method, Object... parameters) throws Exception {
        int id = calls.incrementAndGet();
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        if (!sessionId.isEmpty()) {
            message.put("sessionId", sessionId);
        }
        ObjectNode values = message.putObject("params");
        for (int i = 0; i < parameters.length; i += 2) {
            values.set((String) parameters[i], JSON.valueToTree(parameters[i + 1]));
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText(message.toString(), true).get(PATIENCE_SECONDS, SECONDS);
        JsonNode answered = answer.get(PATIENCE_SECONDS, SECONDS);
        if (answered.has("error")) {
            throw new IllegalStateException(method + ": " + answered.path("error"));
        }
        return answered.path("result");
    }

    private void hear(JsonNode message) {
        JsonNode parameters = message.path("params");
        switch (message.path("method").asText()) {
            case "" -> answers.remove(message.path("id").asInt()).complete(message);
            case "Page.loadEventFired" -> loaded.complete(null);
            case "Runtime.exceptionThrown" ->
                complaints.add(parameters.path("exceptionDetails").toString());
            case "Network.loadingFailed" -> complaints.add(parameters.toString());
            case "Log.entryAdded" -> {
                if (parameters.path("entry").path("level").asText().matches("error|warning")) {
                    complaints.add(parameters.path("entry").toString());
                }
            }
            case "Runtime.consoleAPICalled" -> {
                if (parameters.path("type").asText().matches("error|warning|assert")) {
                    complaints.add(parameters.path("args").toString());
                }
            }
            case "Network.requestWillBeSent" -> {
                String url = parameters.path("request").path("url").asText();
                if (!url.startsWith("file:") && !url.startsWith("data:")) {
                    complaints.add("asks the network for " + url);
                }
            }
            default -> {} // nothing that tells of trouble
        }
    }

    private final class Ears implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                try {
                    hear(JSON.readTree(text.toString()));
                } catch (IOException notJson) {
                    complaints.add(notJson.toString());
                }
                text.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }
}
