package io.microbatcher.site;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/** The Javadoc of all published modules together, so that one links to another. */
final class ApiPages {
    private ApiPages() {}

    static void make(Modules modules, Path out) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-quiet",
                "-notimestamp",
                "-Xdoclint:none", // each module's own build is strict
                "--ignore-source-errors", // their libraries need not be there: each module's own build has them
                "-classpath",
                System.getProperty("java.class.path"),
                "-encoding",
                "UTF-8",
                "-windowtitle",
                "Micro-Batcher " + modules.version(),
                "-doctitle",
                "Micro-Batcher " + modules.version(),
                "-bottom",
                "<a href=\"{@docRoot}/../index.html\">Micro-Batcher</a>",
                "-d",
                out.toString()));
        modules.sources().forEach(source -> arguments.add(source.toString()));
        StringWriter said = new StringWriter();
        ToolProvider javadoc = ToolProvider.findFirst("javadoc")
                .orElseThrow(() -> new IllegalStateException("this Java has no javadoc; a JDK is needed"));
        try (PrintWriter writer = new PrintWriter(said)) {
            javadoc.run(writer, writer, arguments.toArray(String[]::new));
        }
        if (!Files.exists(out.resolve("index.html"))) {
            throw new IOException("javadoc failed: " + said);
        }
        Path fonts = out.resolve("resources/fonts/dejavu.css");
        if (Files.notExists(fonts)) { // some builds of the JDK refer to it and do not have it
            Files.createDirectories(out.resolve("resources/fonts"));
            Files.writeString(fonts, "");
        }
    }
}
