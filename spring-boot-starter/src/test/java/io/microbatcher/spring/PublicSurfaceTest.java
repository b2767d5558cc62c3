package io.microbatcher.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the starter shows to its users. A new public type is a decision: it is added here. */
class PublicSurfaceTest {
    @Test
    void theStarterShowsTheseTypesAndNoOther() throws IOException {
        assertThat(classes())
                .hasSizeGreaterThan(15)
                .filteredOn(PublicSurfaceTest::isPublic)
                .containsExactlyInAnyOrder(
                        "io.microbatcher.spring.MicroBatched",
                        "io.microbatcher.spring.MicroBatcherAutoConfiguration",
                        "io.microbatcher.spring.MicroBatcherCustomizer");
    }

    private static boolean isPublic(String name) {
        try {
            return Modifier.isPublic(Class.forName(name, false, PublicSurfaceTest.class.getClassLoader())
                    .getModifiers());
        } catch (ClassNotFoundException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The top-level classes; those for another version of Spring Boot are loaded, but not linked. */
    private static List<String> classes() throws IOException {
        Path home = Path.of(MicroBatched.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        if (Files.isDirectory(home)) {
            return classesIn(home);
        }
        try (FileSystem jar = FileSystems.newFileSystem(home, Map.of())) {
            return classesIn(jar.getPath("/"));
        }
    }

    private static List<String> classesIn(Path root) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("io/microbatcher/spring"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".class") && !file.contains("$") && !file.startsWith("package-"))
                    .map(file -> "io.microbatcher.spring." + file.substring(0, file.length() - ".class".length()))
                    .toList();
        }
    }
}
