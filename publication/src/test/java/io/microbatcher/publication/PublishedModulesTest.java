package io.microbatcher.publication;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is published is said in several places; they agree. */
class PublishedModulesTest {
    @Test
    void everyModuleSaysWhetherItIsPublished() {
        assertThat(Pom.modules())
                .allSatisfy(module -> assertThat(module.text("properties/maven.deploy.skip"))
                        .as("<maven.deploy.skip> in the properties of %s", module.directory())
                        .hasValueSatisfying(skip -> assertThat(skip).isIn("true", "false")));
    }

    @Test
    void theBomHasEveryPublishedArtifactAndNothingElse() {
        Pom bom = Pom.read(Pom.ROOT.resolve("bom/pom.xml"));
        List<String> listed = bom.all("dependencyManagement/dependencies/dependency")
                .map(dependency ->
                        Pom.all(dependency, "groupId").findFirst().orElseThrow().getTextContent() + ":"
                                + Pom.all(dependency, "artifactId")
                                        .findFirst()
                                        .orElseThrow()
                                        .getTextContent() + ":"
                                + Pom.all(dependency, "version")
                                        .findFirst()
                                        .orElseThrow()
                                        .getTextContent())
                .toList();
        assertThat(listed)
                .containsExactlyInAnyOrderElementsOf(Pom.published().stream()
                        .filter(Pom::hasJar)
                        .map(module -> "io.microbatcher:" + module.artifactId() + ":${project.version}")
                        .toList());
    }

    @Test
    void everyPublishedJarHasJavadocAndSources() throws IOException {
        for (Pom module : Pom.published()) {
            if (module.hasJar()) {
                assertThat(module.source())
                        .as(module.directory())
                        .contains("<artifactId>maven-javadoc-plugin</artifactId>")
                        .doesNotContain("maven.source.skip");
            }
        }
    }

    @Test
    void theCommandInTheReadmeInstallsEveryPublishedModule() throws IOException {
        Matcher command = Pattern.compile("mvn .* -pl (\\S+) -am install")
                .matcher(Files.readString(Pom.ROOT.resolve("README.md")));
        assertThat(command.find()).isTrue();
        assertThat(command.group(1).split(","))
                .containsExactlyInAnyOrderElementsOf(
                        Pom.published().stream().map(Pom::directory).toList());
    }
}
