package io.microbatcher.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Tells the version that the build wrote into {@code version.properties}. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                throw new IOException("version.properties is missing: build with Maven, which writes it");
            }
            properties.load(in);
        }
        return new String[] {
            "microbatcher " + properties.getProperty("version") + " (Java " + System.getProperty("java.version") + ")"
        };
    }
}
