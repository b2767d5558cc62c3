package io.microbatcher.publication;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** A pom as it is written, without what it inherits. */
record Pom(Path file, Element project) {
    /** Tests run in the directory of their module. */
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    static Pom read(Path file) {
        try {
            return new Pom(
                    file,
                    DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(file.toFile())
                            .getDocumentElement());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (ParserConfigurationException | SAXException notXml) {
            throw new IllegalStateException(file + " is no pom", notXml);
        }
    }

    /** Every module of the build, in its order. */
    static List<Pom> modules() {
        return read(ROOT.resolve("pom.xml"))
                .all("modules/module")
                .map(module ->
                        read(ROOT.resolve(module.getTextContent().strip()).resolve("pom.xml")))
                .toList();
    }

    static List<Pom> published() {
        return modules().stream()
                .filter(module -> module.text("properties/maven.deploy.skip").equals(Optional.of("false")))
                .toList();
    }

    String directory() {
        return file.getParent().getFileName().toString();
    }

    String artifactId() {
        return text("artifactId").orElseThrow();
    }

    boolean hasJar() {
        return !text("packaging").equals(Optional.of("pom"));
    }

    /** The text of the first element at a path; nothing if there is none, or it is blank. */
    Optional<String> text(String path) {
        return all(path)
                .map(element -> element.getTextContent().strip())
                .findFirst()
                .filter(text -> !text.isEmpty());
    }

    /** All elements at a path such as {@code licenses/license}. */
    Stream<Element> all(String path) {
        return all(project, path);
    }

    static Stream<Element> all(Element from, String path) {
        Stream<Element> found = Stream.of(from);
        for (String name : path.split("/", -1)) {
            found = found.flatMap(Pom::children)
                    .filter(child -> child.getTagName().equals(name));
        }
        return found;
    }

    String source() throws IOException {
        return Files.readString(file);
    }

    private static Stream<Element> children(Element parent) {
        return IntStream.range(0, parent.getChildNodes().getLength())
                .mapToObj(i -> parent.getChildNodes().item(i))
                .filter(Element.class::isInstance)
                .map(Element.class::cast);
    }
}
