package io.microbatcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;

/**
 * Runs the Reactive Streams TCK, which needs TestNG, and reports each of its tests as one of this build's.
 *
 * <p>The TCK skips seven tests for every publisher, called {@code untested…}: rules that nobody can examine from outside.
 * It also skips the optional rule 1.11, that a publisher may have several subscribers, for a channel has one: each result
 * goes to one taker. Everything else passes. The TCK calls an optional test that fails skipped; here it is a failure.
 */
class ReactiveStreamsTckTest {
    @TestFactory
    Stream<DynamicTest> resultChannelIsAReactiveStreamsPublisher() {
        TestListenerAdapter outcome = new TestListenerAdapter();
        TestNG testng = new TestNG(false);
        testng.setVerbose(0);
        testng.setTestClasses(new Class<?>[] {ResultChannelVerification.class});
        testng.addListener(outcome);
        testng.run();

        List<DynamicTest> tests = new ArrayList<>();
        for (ITestResult passed : outcome.getPassedTests()) {
            tests.add(DynamicTest.dynamicTest(passed.getName(), () -> {}));
        }
        Stream.of(outcome.getFailedTests(), outcome.getConfigurationFailures())
                .flatMap(List::stream)
                .map(failed -> DynamicTest.dynamicTest(
                        failed.getName(), () -> fail(failed.getName() + " failed", failed.getThrowable())))
                .forEach(tests::add);
        tests.add(DynamicTest.dynamicTest("everything is examined that can be", () -> {
            assertThat(outcome.getSkippedTests())
                    .extracting(ITestResult::getName)
                    .allMatch(name -> name.startsWith("untested_") || name.startsWith("optional_spec111_"));
            assertThat(outcome.getPassedTests())
                    .extracting(ITestResult::getName)
                    .hasSizeGreaterThanOrEqualTo(26);
        }));
        return tests.stream();
    }
}
