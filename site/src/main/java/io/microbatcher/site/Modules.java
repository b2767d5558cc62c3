package io.microbatcher.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is published of the project.
 *
 * @param directories those of the published modules with sources, in the order of the build
 * @param version of all of them
 */
record Modules(List<Path> directories, String version) {
    private static final Pattern MODULE = Pattern.compile("<module>(.*?)</module>");
    private static final Pattern VERSION = Pattern.compile("(?m)^ {2}<version>(.*)</version>");

    Modules {
        directories = List.copyOf(directories);
    }

    static Modules of(Path root) throws IOException {
        String pom = Files.readString(root.resolve("pom.xml"));
        List<Path> directories = new ArrayList<>();
        for (String module :
                MODULE.matcher(pom).results().map(found -> found.group(1)).toList()) {
            Path directory = root.resolve(module);
            if (Files.isDirectory(directory.resolve("src/main/java"))
                    && Files.readString(directory.resolve("pom.xml")).contains("<maven.deploy.skip>false<")) {
                directories.add(directory);
            }
        }
        Matcher version = VERSION.matcher(pom);
        if (!version.find()) {
            throw new IllegalArgumentException("no <version> in " + root.resolve("pom.xml"));
        }
        return new Modules(directories, version.group(1));
    }

    /** The Java files of all, without those that describe modules: they are read together, as one. */
    List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (Path directory : directories) {
            try (Stream<Path> files = Files.walk(directory.resolve("src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> !file.endsWith("module-info.java"))
                        .sorted()
                        .forEach(sources::add);
            }
        }
        return sources;
    }
}
