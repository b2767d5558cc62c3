package io.microbatcher.site;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is around every page: its head, the navigation, the table of contents. */
final class Frame {
    private final Map<String, List<Entry>> groups = new LinkedHashMap<>();
    private final String version;

    /**
     * Has no entries yet.
     *
     * @param version of the project, for the foot of the page
     */
    Frame(String version) {
        this.version = version;
    }

    /** Adds a page to a group of the navigation, after those that are there. */
    void add(String group, String path, String label) {
        groups.computeIfAbsent(group, none -> new ArrayList<>()).add(new Entry(path, label));
    }

    String around(Page page) {
        String name = page.path().equals("index.html") ? page.title() : page.title() + " · Micro-Batcher";
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>%s</title>
                <link rel="icon" href="%s">
                <link rel="stylesheet" href="%s">
                </head>
                <body>
                <a class="skip" href="#content">To the content</a>
                <header><a class="brand" href="%s"><span class="mark" aria-hidden="true"></span>Micro-Batcher</a>
                <button class="menu" popovertarget="navigation">Menu</button></header>
                <div class="columns">
                <nav id="navigation" popover aria-label="Pages">
                %s</nav>
                <main id="content">
                %s</main>
                %s</div>
                <footer>Micro-Batcher %s · Apache License 2.0</footer>
                </body>
                </html>
                """.formatted(
                        Html.escape(name),
                        Places.relative(page.path(), "icon.svg"),
                        Places.relative(page.path(), "site.css"),
                        Places.relative(page.path(), "index.html"),
                        navigation(page.path()),
                        page.body(),
                        contents(page),
                        Html.escape(version));
    }

    private String navigation(String current) {
        StringBuilder html = new StringBuilder();
        groups.forEach((group, entries) -> {
            html.append("<h2>").append(Html.escape(group)).append("</h2>\n<ul>\n");
            for (Entry entry : entries) {
                html.append("<li><a href=\"")
                        .append(Places.relative(current, entry.path()))
                        .append(entry.path().equals(current) ? "\" aria-current=\"page\">" : "\">")
                        .append(Html.escape(entry.label()))
                        .append("</a></li>\n");
            }
            html.append("</ul>\n");
        });
        return html.toString();
    }

    private static String contents(Page page) {
        if (page.sections().size() < 2) {
            return "";
        }
        StringBuilder html = new StringBuilder("<aside aria-label=\"On this page\">\n<h2>On this page</h2>\n<ul>\n");
        for (Page.Section section : page.sections()) {
            html.append("<li><a href=\"#")
                    .append(section.anchor())
                    .append("\">")
                    .append(Html.escape(section.title()))
                    .append("</a></li>\n");
        }
        return html.append("</ul>\n</aside>\n").toString();
    }

    private record Entry(String path, String label) {}
}
