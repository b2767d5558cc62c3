package io.microbatcher.publication;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What {@code mvn -Prelease verify} leaves in {@code target/publication} is what Maven Central asks for. */
@Tag("publication")
class PublicationTest {
    private static final Path ARTIFACTS = Pom.ROOT.resolve("target/publication/io/microbatcher");
    private static final String VERSION =
            Pom.read(Pom.ROOT.resolve("pom.xml")).text("version").orElseThrow();

    @Test
    void thePublishedArtifactsAreThereAndNothingElse() throws IOException {
        assertThat(namesIn(ARTIFACTS))
                .containsExactlyInAnyOrderElementsOf(
                        Pom.published().stream().map(Pom::artifactId).toList());
    }

    @TestFactory
    Stream<DynamicTest> anArtifactHasAllOfItsFiles() {
        return each(module -> {
            Map<String, Path> files = files(module);
            if (module.hasJar()) {
                assertThat(files).containsKeys(".pom", ".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json");
            } else {
                assertThat(files).containsKeys(".pom", "-cyclonedx.json");
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> aFileHasItsChecksums() {
        return each(module -> {
            Map<String, Path> files = files(module);
            for (String kind : files.keySet()) {
                if (!isBeside(kind) && !kind.endsWith(".asc")) { // Maven makes none for signatures
                    byte[] bytes = Files.readAllBytes(files.get(kind));
                    assertThat(files.get(kind + ".sha1")).hasContent(digest("SHA-1", bytes));
                    assertThat(files.get(kind + ".md5")).hasContent(digest("MD5", bytes));
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> eitherEveryFileIsSignedOrNone() throws IOException {
        boolean signed;
        try (Stream<Path> all = Files.walk(ARTIFACTS)) {
            signed = all.anyMatch(file -> file.toString().endsWith(".asc"));
        }
        return each(module -> {
            Map<String, Path> files = files(module);
            for (String kind : files.keySet()) {
                if (!isBeside(kind) && !kind.endsWith(".asc")) {
                    assertThat(files.containsKey(kind + ".asc"))
                            .as(kind + " is signed")
                            .isEqualTo(signed);
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> thePomHasAllThatMavenCentralRequires() {
        return each(module -> {
            Pom pom = Pom.read(files(module).get(".pom"));
            for (String path : List.of(
                    "groupId",
                    "artifactId",
                    "version",
                    "name",
                    "description",
                    "url",
                    "licenses/license/name",
                    "licenses/license/url",
                    "developers/developer/name",
                    "scm/url",
                    "scm/connection",
                    "scm/developerConnection")) {
                assertThat(pom.text(path)).as(path).isPresent();
            }
            assertThat(pom.source().replace("${project.version}", "")).doesNotContain("${");
        });
    }

    @TestFactory
    Stream<DynamicTest> thePomStandsAlone() {
        return each(module -> {
            Pom pom = Pom.read(files(module).get(".pom"));
            assertThat(pom.all("parent")).isEmpty();
            assertThat(pom.all("repositories")).isEmpty();
            assertThat(pom.all("dependencies/dependency"))
                    .allSatisfy(dependency -> assertThat(Pom.all(dependency, "version"))
                            .as(dependency.getTextContent())
                            .hasSize(1));
            assertThat(pom.all("dependencyManagement/dependencies/dependency"))
                    .as("a library manages nobody's versions, and the BOM its own alone")
                    .allSatisfy(dependency -> {
                        assertThat(module.hasJar()).isFalse();
                        assertThat(Pom.all(dependency, "groupId").map(group -> group.getTextContent()))
                                .containsExactly("io.microbatcher");
                        assertThat(Pom.all(dependency, "version").map(version -> version.getTextContent()))
                                .containsExactly("${project.version}");
                    });
        });
    }

    private interface Check {
        void of(Pom module) throws IOException;
    }

    private static Stream<DynamicTest> each(Check check) {
        return Pom.published().stream()
                .map(module -> DynamicTest.dynamicTest(module.artifactId(), () -> check.of(module)));
    }

    /** The files of an artifact by what follows the version, which in a snapshot is the moment of the build. */
    private static Map<String, Path> files(Pom module) throws IOException {
        Path directory = ARTIFACTS.resolve(module.artifactId()).resolve(VERSION);
        Map<String, Path> files = new TreeMap<>();
        String version = VERSION.replace("-SNAPSHOT", "") + (VERSION.endsWith("-SNAPSHOT") ? "-[0-9.]+-[0-9]+" : "");
        String prefix = module.artifactId() + "-" + version;
        for (String name : namesIn(directory)) {
            if (!name.startsWith("maven-metadata")) {
                String kind = name.replaceFirst(prefix, "");
                assertThat(kind).as("what follows %s in %s", prefix, name).isNotEqualTo(name);
                files.put(kind, directory.resolve(name));
            }
        }
        return files;
    }

    private static List<String> namesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static boolean isBeside(String kind) {
        return kind.endsWith(".md5") || kind.endsWith(".sha1");
    }

    private static String digest(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
