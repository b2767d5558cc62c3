package io.microbatcher.cli.pipe;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Opens connections to the database that a URL names, with a driver that is bundled or one from a jar. */
final class Database {
    /** Where a password is looked for: a command line can be read by others. */
    static final String PASSWORD = "MICROBATCHER_JDBC_PASSWORD";

    private static final String SQLITE = "jdbc:sqlite:";

    private final String url;
    private final Driver driver;
    private final Properties properties = new Properties();

    Database(String url, @Nullable String user, List<Path> driverPath) throws RefusedException {
        this.url = url;
        this.driver = driver(url, driverPath);
        String password = System.getenv(PASSWORD);
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
    }

    /** A file that connecting to SQLite would make; null if it is there already, or the database is not such a file. */
    @Nullable
    Path fileToBeMade() {
        String path = url.startsWith(SQLITE) ? url.substring(SQLITE.length()).replaceAll("\\?.*", "") : "";
        if (path.isEmpty() || path.startsWith(":") || path.startsWith("file:")) {
            return null;
        }
        try {
            Path file = Path.of(path);
            return Files.exists(file) ? null : file;
        } catch (InvalidPathException noPath) {
            return null;
        }
    }

    Connection connect() throws SQLException {
        Connection connection = driver.connect(url, properties);
        if (connection == null) {
            throw new SQLException("the driver " + driver.getClass().getName() + " does not accept this URL");
        }
        return connection;
    }

    private static Driver driver(String url, List<Path> driverPath) throws RefusedException {
        try {
            if (!driverPath.isEmpty()) {
                // not closed: the driver loads classes for as long as the run lasts
                for (Driver found : ServiceLoader.load(Driver.class, loader(driverPath))) {
                    if (found.acceptsURL(url)) {
                        return found;
                    }
                }
            }
            return DriverManager.getDriver(url);
        } catch (SQLException none) {
            throw RefusedException.usage("no driver for --jdbc " + withoutSecrets(url)
                    + "; SQLite (jdbc:sqlite:FILE) and H2 (jdbc:h2:FILE) are included, for others give the driver's jar"
                    + " with --driver-path");
        } catch (ServiceConfigurationError broken) {
            throw RefusedException.usage(
                    "a driver of --driver-path cannot be loaded: " + Reasons.oneLine(broken.toString()));
        }
    }

    private static ClassLoader loader(List<Path> driverPath) throws RefusedException {
        URL[] jars = new URL[driverPath.size()];
        for (int i = 0; i < jars.length; i++) {
            Path jar = driverPath.get(i);
            if (!Files.isReadable(jar)) {
                throw RefusedException.usage("cannot read --driver-path " + jar + ": no such file, or no permission");
            }
            try {
                jars[i] = jar.toUri().toURL();
            } catch (MalformedURLException never) {
                throw RefusedException.usage("cannot use --driver-path " + jar + ": " + never.getMessage());
            }
        }
        return new URLClassLoader(jars, Database.class.getClassLoader());
    }

    /** The URL without its parameters, which may hold a password. */
    static String withoutSecrets(String url) {
        return url.replaceAll("[?;].*", "").replaceAll("//[^/@]*@", "//");
    }
}
