package io.microbatcher.site;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.ExecutableElement;

/** The reference of everything that can be set, from the comments in the code and from what Spring's processor wrote. */
final class ConfigurationPage {
    static final String PATH = "configuration.html";

    private static final String SPRING = "target/classes/META-INF/spring-configuration-metadata.json";

    private final Modules modules;
    private final StringBuilder html = new StringBuilder();
    private final List<Page.Section> sections = new ArrayList<>();

    ConfigurationPage(Modules modules) {
        this.modules = modules;
    }

    Page page() throws IOException {
        Sources sources = new Sources(modules.sources());
        html.append("<h1>Configuration</h1>\n<p>Everything that can be set, written by the build from the code.</p>\n");
        options(
                sources,
                "The batcher",
                "io.microbatcher.MicroBatcher.Builder",
                "MicroBatcher.builder(processor)",
                "batcher");
        options(sources, "Trying again", "io.microbatcher.RetryPolicy", "RetryPolicy", "retries");
        options(sources, "When a batch leaves", "io.microbatcher.DispatchPolicy", "DispatchPolicy", "policies");
        for (Path directory : modules.directories()) {
            if (Files.exists(directory.resolve(SPRING))) {
                springProperties(directory.resolve(SPRING));
            }
        }
        return new Page(PATH, "Configuration", html.toString(), sections);
    }

    private void options(Sources sources, String title, String type, String startsWith, String anchor) {
        heading(title, anchor);
        html.append("<p>").append(Html.code(startsWith)).append(" has these methods.</p>\n");
        Map<String, List<Option>> options = new LinkedHashMap<>();
        for (ExecutableElement method : sources.options(sources.type(type))) {
            Option option = Option.of(sources, method);
            options.computeIfAbsent(option.name(), none -> new ArrayList<>()).add(option);
        }
        StringBuilder table = new StringBuilder(
                "<table>\n<thead><tr><th>option</th><th>type</th><th>default</th><th>meaning</th></tr></thead>\n<tbody>\n");
        options.forEach((name, ways) -> row(
                table,
                "<a href=\"#" + anchor + "-" + name + "\">" + Html.code(name) + "</a>",
                String.join("<br>", ways.stream().map(way -> typesOf(way)).toList()),
                defaultOf(ways),
                ways.get(0).summary()));
        html.append("<div class=\"options\">\n")
                .append(Markdown.scrollable(table.append("</tbody>\n</table>\n").toString()))
                .append("</div>\n");
        options.forEach((name, ways) -> details(anchor + "-" + name, name, ways));
    }

    private void details(String anchor, String name, List<Option> ways) {
        html.append("<section class=\"option\">\n<h3 id=\"")
                .append(anchor)
                .append("\">")
                .append(Html.code(name))
                .append("</h3>\n");
        for (Option way : ways) {
            html.append("<p class=\"signature\"><a href=\"").append(way.api()).append("\">");
            html.append(Html.code(name + "("
                    + String.join(
                            ", ",
                            way.parameters().stream()
                                    .map(p -> p.type() + " " + p.name())
                                    .toList()) + ")"));
            html.append("</a></p>\n<dl>\n");
            if (!way.byDefault().isEmpty()) {
                html.append("<dt>Default</dt><dd>").append(way.byDefault()).append("</dd>\n");
            }
            for (Option.Parameter parameter : way.parameters()) {
                html.append("<dt>")
                        .append(way.parameters().size() == 1 ? "Range" : Html.code(parameter.name()))
                        .append("</dt><dd>")
                        .append(parameter.range())
                        .append("</dd>\n");
            }
            html.append("</dl>\n").append(way.meaning()).append('\n');
            for (String complaint : way.complaints()) {
                html.append("<p class=\"complaint\">Throws ").append(complaint).append(".</p>\n");
            }
        }
        html.append("</section>\n");
    }

    private void springProperties(Path metadata) throws IOException {
        heading("Spring Boot", "spring-boot");
        html.append(
                "<p>The starter has these properties. A dash is what the batcher does when nobody sets it, as above. "
                        + "What is in <code>microbatcher.defaults</code> may also be in "
                        + "<code>microbatcher.instances.&lt;name&gt;</code>.</p>\n");
        StringBuilder table = new StringBuilder(
                "<table>\n<thead><tr><th>property</th><th>type</th><th>default</th><th>meaning</th></tr></thead>\n<tbody>\n");
        for (JsonNode property : new ObjectMapper().readTree(metadata.toFile()).path("properties")) {
            row(
                    table,
                    Html.code(property.path("name").asText()),
                    Html.code(property.path("type")
                            .asText("")
                            .replaceAll("\\b[a-z_]\\w*\\.", "")
                            .replace('$', '.')),
                    property.has("defaultValue")
                            ? Html.code(property.path("defaultValue").asText())
                            : "–",
                    Html.escape(property.path("description").asText("")));
        }
        html.append("<div class=\"options\">\n")
                .append(Markdown.scrollable(table.append("</tbody>\n</table>\n").toString()))
                .append("</div>\n");
    }

    private void heading(String title, String anchor) {
        sections.add(new Page.Section(anchor, title));
        html.append("<h2 id=\"")
                .append(anchor)
                .append("\">")
                .append(Html.escape(title))
                .append("</h2>\n");
    }

    private static void row(StringBuilder table, String... cells) {
        table.append("<tr>");
        for (String cell : cells) {
            table.append("<td>").append(cell).append("</td>");
        }
        table.append("</tr>\n");
    }

    private static String typesOf(Option way) {
        return way.parameters().isEmpty() ? "–" : Html.code(way.types().replaceAll("<.*?>(?=,|$)", ""));
    }

    private static String defaultOf(List<Option> ways) {
        return ways.stream()
                .map(Option::byDefault)
                .filter(said -> !said.isEmpty())
                .findFirst()
                .orElse("–");
    }
}
