package io.microbatcher.site;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Where the files of the project are on the site. Pages have their place from the start; pictures, sources and folders get
 * one when a link leads there, and are then to be made.
 */
final class Places {
    private final Path root;
    private final Map<String, String> pages = new LinkedHashMap<>();
    private final Set<String> asked = new HashSet<>();
    private final Queue<String> toMake = new ArrayDeque<>();

    /**
     * Knows no page yet.
     *
     * @param root the project's directory
     */
    Places(Path root) {
        this.root = root;
    }

    void put(String source, String page) {
        pages.put(source, page);
    }

    Map<String, String> pages() {
        return pages;
    }

    /** A file or folder that a link leads to and that is on no page; each once. */
    Optional<String> nextToMake() {
        return Optional.ofNullable(toMake.poll());
    }

    /** What turns the links of one file into links of its page. */
    UnaryOperator<String> linksOf(String source, String page) {
        return link -> link(source, page, link);
    }

    private String link(String source, String page, String link) {
        if (link.startsWith("#") || link.matches("[a-z]+:.*")) {
            return link;
        }
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        String anchor = hash < 0 ? "" : link.substring(hash);
        Path target = Optional.ofNullable(Path.of(source).getParent())
                .orElse(Path.of(""))
                .resolve(path)
                .normalize();
        if (!Files.exists(root.resolve(target))) {
            throw new IllegalArgumentException(source + " has a link to " + link + ", where nothing is");
        }
        return relative(page, place(slashes(target))) + anchor;
    }

    /** The place of a file or folder. */
    String place(String target) {
        String page = pages.get(target);
        if (page != null) {
            return page;
        }
        if (asked.add(target)) {
            toMake.add(target);
        }
        if (isPicture(target)) {
            return target.replaceFirst("^docs/", "");
        }
        if (!Files.isDirectory(root.resolve(target))) {
            return "source/" + target + ".html";
        }
        return target.startsWith("docs/")
                ? target.replaceFirst("^docs/", "") + "/index.html"
                : "source/" + target + "/index.html";
    }

    static boolean isPicture(String path) {
        return path.endsWith(".svg") || path.endsWith(".png");
    }

    /** A link from one page to another, which works wherever the site lies. */
    static String relative(String from, String to) {
        Path parent = Path.of("/" + from).getParent();
        return slashes(parent == null ? Path.of(to) : parent.relativize(Path.of("/" + to)));
    }

    private static String slashes(Path path) {
        return path.toString().replace('\\', '/');
    }
}
