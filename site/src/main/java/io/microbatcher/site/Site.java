package io.microbatcher.site;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the site of a project: every page, every picture and source that a page links to, and the Javadoc. */
final class Site {
    /** Pages with a place of their own in the navigation. Other files in docs come by themselves. */
    private static final List<Listed> LISTED = List.of(
            new Listed("Start", "README.md", "Overview"),
            new Listed("Start", "docs/quick-start.md", "Quick start"),
            new Listed("Start", "docs/guide.md", "Guide"),
            new Listed("Reference", "docs/contract.md", "The contract"),
            new Listed("Reference", "CHANGELOG.md", "Changes"),
            new Listed("How to", "docs/recipes.md", "Recipes"),
            new Listed("How to", "docs/sql.md", "SQL"),
            new Listed("How to", "docs/spring.md", "Spring Boot"),
            new Listed("How to", "docs/pipe.md", "microbatcher pipe"),
            new Listed("How to", "docs/tune.md", "microbatcher tune"),
            new Listed("Inside", "docs/design.md", "How it works"),
            new Listed("Inside", "docs/performance.md", "Figures"),
            new Listed("Inside", "docs/postgres.md", "Figures on PostgreSQL"),
            new Listed("Inside", "CONTRIBUTING.md", "Contributing"));

    private static final String DECISIONS = "docs/adr";

    private final Path root;
    private final Path out;
    private final Markdown markdown = new Markdown();
    private final Modules modules;
    private final Places places;
    private final Frame frame;

    private Site(Path root, Path out) throws IOException {
        this.root = root;
        this.out = out;
        this.modules = Modules.of(root);
        this.places = new Places(root);
        this.frame = new Frame(modules.version());
    }

    /**
     * Makes the site.
     *
     * @param root the project's directory
     * @param out where the site goes; what is there is deleted
     */
    static void make(Path root, Path out) throws IOException {
        new Site(root, out).make();
    }

    private void make() throws IOException {
        delete(out);
        Files.createDirectories(out);
        givePlaces();
        for (Map.Entry<String, String> page : List.copyOf(places.pages().entrySet())) {
            if (page.getKey().endsWith(".md")) {
                write(markdown.page(
                        page.getValue(),
                        Files.readString(root.resolve(page.getKey())),
                        places.linksOf(page.getKey(), page.getValue())));
            }
        }
        write(new ConfigurationPage(modules).page());
        write(decisions());
        makeWhatIsLinked();
        for (String resource : List.of("site.css", "icon.svg")) {
            try (InputStream in = Objects.requireNonNull(Site.class.getResourceAsStream(resource), resource)) {
                Files.copy(in, out.resolve(resource));
            }
        }
        ApiPages.make(modules, out.resolve("api"));
    }

    private void givePlaces() throws IOException {
        for (Listed listed : LISTED) {
            place(listed.group(), listed.source(), listed.label());
            if (listed.source().equals("docs/guide.md")) {
                frame.add("Reference", ConfigurationPage.PATH, "Configuration");
                frame.add("Reference", "api/index.html", "API");
            } else if (listed.source().equals("docs/design.md")) {
                places.put(DECISIONS, "adr/index.html");
                frame.add("Inside", "adr/index.html", "Decisions");
            }
        }
        for (String source : filesIn("docs")) {
            if (source.endsWith(".md") && !places.pages().containsKey(source)) {
                place("How to", source, titleOf(source));
            }
        }
        for (String source : filesIn(DECISIONS)) {
            places.put(source, source.replaceFirst("^docs/(.*)\\.md$", "$1.html"));
        }
    }

    private void place(String group, String source, String label) {
        String page = source.equals("README.md")
                ? "index.html"
                : source.toLowerCase(Locale.ROOT).replaceFirst("^docs/", "").replaceFirst("\\.md$", ".html");
        places.put(source, page);
        frame.add(group, page, label);
    }

    private Page decisions() throws IOException {
        StringBuilder html = new StringBuilder(
                "<h1>Decisions</h1>\n<p>What a newcomer would question, and why it is so.</p>\n<ul>\n");
        for (String source : filesIn(DECISIONS)) {
            html.append("<li><a href=\"")
                    .append(Places.relative("adr/index.html", places.place(source)))
                    .append("\">")
                    .append(Html.escape(titleOf(source)))
                    .append("</a></li>\n");
        }
        return new Page("adr/index.html", "Decisions", html.append("</ul>\n").toString(), List.of());
    }

    private void makeWhatIsLinked() throws IOException {
        for (Optional<String> next = places.nextToMake(); next.isPresent(); next = places.nextToMake()) {
            String source = next.get();
            String place = places.place(source);
            if (Places.isPicture(source)) {
                Path picture = out.resolve(place);
                Files.createDirectories(Objects.requireNonNull(picture.getParent()));
                Files.copy(root.resolve(source), picture, StandardCopyOption.REPLACE_EXISTING);
            } else if (Files.isDirectory(root.resolve(source))) {
                write(folder(source, place));
            } else {
                String text = Files.readString(root.resolve(source));
                String html = source.endsWith(".java") ? JavaCode.html(text) : Html.escape(text);
                write(new Page(
                        place,
                        nameOf(source),
                        "<h1>" + Html.escape(nameOf(source)) + "</h1>\n<p class=\"path\">" + Html.code(source)
                                + "</p>\n<pre tabindex=\"0\"><code>" + html + "</code></pre>\n",
                        List.of()));
            }
        }
    }

    private Page folder(String source, String place) throws IOException {
        StringBuilder html = new StringBuilder("<h1>" + Html.escape(nameOf(source)) + "</h1>\n<p class=\"path\">"
                + Html.code(source) + "</p>\n<ul>\n");
        for (String file : filesIn(source)) {
            html.append("<li><a href=\"")
                    .append(Places.relative(place, places.place(file)))
                    .append("\">")
                    .append(Html.escape(nameOf(file)))
                    .append("</a></li>\n");
        }
        return new Page(place, nameOf(source), html.append("</ul>\n").toString(), List.of());
    }

    private void write(Page page) throws IOException {
        Path file = out.resolve(page.path());
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, frame.around(page));
    }

    private List<String> filesIn(String directory) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(directory))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> directory + "/" + file.getFileName())
                    .sorted()
                    .toList();
        }
    }

    private String titleOf(String source) throws IOException {
        try (Stream<String> lines = Files.lines(root.resolve(source))) {
            return lines.filter(line -> line.startsWith("# "))
                    .map(line -> line.substring(2).replace("`", ""))
                    .findFirst()
                    .orElse(nameOf(source));
        }
    }

    private static String nameOf(String source) {
        return source.substring(source.lastIndexOf('/') + 1);
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private record Listed(String group, String source, String label) {}

    /**
     * Makes the site of the project in a directory.
     *
     * @param arguments the project's directory, and where the site goes
     */
    public static void main(String[] arguments) throws IOException {
        make(Path.of(arguments[0]), Path.of(arguments[1]));
    }
}
