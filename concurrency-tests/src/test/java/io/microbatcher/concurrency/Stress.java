package io.microbatcher.concurrency;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.StateCase;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.TestInfo;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.runners.ForkedTestConfig;
import org.openjdk.jcstress.infra.runners.Runner;
import org.openjdk.jcstress.infra.runners.TestConfig;
import org.openjdk.jcstress.infra.runners.TestList;
import org.openjdk.jcstress.os.AffinityMode;
import org.openjdk.jcstress.os.NodeType;
import org.openjdk.jcstress.os.SchedulingClass;

/**
 * Runs one jcstress test in this JVM, as one of jcstress's own forks would, for as long as a build can afford. It looks
 * for what needs no JVM of its own: jcstress as a whole spends a minute for each test on finding out what JVM it has, and
 * on every mode of that; {@code ./concurrency-tests/run} does.
 *
 * <p>Speaks of JDK types alone, so that it can be loaded by a class loader of its own, with a core that is broken.
 */
public final class Stress {
    private Stress() {}

    /** The names of all tests. */
    public static List<String> tests() {
        return TestList.tests().stream().sorted().toList();
    }

    /**
     * Runs a test until something forbidden happens, or as many times as it is told.
     *
     * @return what happened how often, and first of all what must not
     */
    public static List<String> run(String test, int times, int millis)
            throws ReflectiveOperationException, IOException {
        TestInfo info = TestList.getInfo(test);
        Map<String, Long> counts = new TreeMap<>();
        List<String> troubles = new ArrayList<>();
        for (int i = 0; i < times && troubles.isEmpty(); i++) {
            TestResult result = once(info, millis);
            if (result.status() != Status.NORMAL) {
                troubles.add("TROUBLE " + result.status() + " " + result.getMessages());
            }
            for (String state : result.getStateKeys()) {
                counts.merge(state, result.getCount(state), Long::sum);
                StateCase match = match(info, state);
                if (match.expect() == Expect.FORBIDDEN) {
                    troubles.add("FORBIDDEN " + state + ": " + match.description());
                }
            }
        }
        counts.forEach((state, count) -> troubles.add(count + " times " + state));
        return troubles;
    }

    private static StateCase match(TestInfo info, String state) {
        return info.cases().stream()
                .filter(known -> known.matchesExactly(state))
                .findFirst()
                .or(() -> info.cases().stream()
                        .filter(known -> known.matches(state))
                        .findFirst())
                .orElse(info.unmatched());
    }

    private static TestResult once(TestInfo info, int millis) throws ReflectiveOperationException, IOException {
        // one state for each meeting of the actors: they last for microseconds, and would drift apart in longer strides
        Options options = new Options(new String[] {
            "-c",
            "2",
            "-iters",
            "1",
            "-time",
            String.valueOf(millis),
            "-strideSize",
            "1",
            "-strideCount",
            "256",
            "-spinStyle",
            "HARD"
        });
        options.parse();
        SchedulingClass anywhere = new SchedulingClass(AffinityMode.NONE, info.threads(), NodeType.PACKAGE);
        ForkedTestConfig config = new ForkedTestConfig(new TestConfig(options, info, 1, List.of(), 0, anywhere));
        Runner<?> runner = Class.forName(info.generatedRunner())
                .asSubclass(Runner.class)
                .getConstructor(ForkedTestConfig.class)
                .newInstance(config);
        return runner.run();
    }
}
