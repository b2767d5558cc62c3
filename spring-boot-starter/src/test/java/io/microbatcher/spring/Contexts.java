package io.microbatcher.spring;

import java.util.Arrays;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Small applications for tests. */
final class Contexts {
    private Contexts() {}

    /** An application with the starter and nothing else. */
    static ApplicationContextRunner with(Class<?>... configuration) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(MicroBatcherAutoConfiguration.class))
                .withUserConfiguration(configuration);
    }

    /** What the failure analysis would show of a start that failed. */
    static ConfigurationFault fault(Throwable failure) {
        return causes(failure)
                .filter(ConfigurationFault.class::isInstance)
                .map(ConfigurationFault.class::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError("another failure", failure));
    }

    /** The messages of a failure and all its causes. */
    static String messages(Throwable failure) {
        return String.join(" <- ", causes(failure).map(Throwable::toString).toList());
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .flatMap(cause -> Stream.concat(Stream.of(cause), Arrays.stream(cause.getSuppressed())));
    }
}
