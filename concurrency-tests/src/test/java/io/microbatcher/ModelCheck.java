package io.microbatcher;

import java.util.List;
import java.util.stream.Stream;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;

/**
 * Has Lincheck enumerate interleavings of models, in a JVM of its own: Lincheck rewrites what it watches, and the core may
 * be a broken one. The exit status is 0 if every interleaving is as it should be, 3 if one is not.
 */
public final class ModelCheck {
    /** What it exits with when an interleaving is not as it should be. */
    public static final int FOUND = 3;

    private ModelCheck() {}

    /**
     * Checks models.
     *
     * @param arguments how many scenarios to make up, how many interleavings of each to try, and the models' classes
     */
    public static void main(String[] arguments) throws ClassNotFoundException {
        int scenarios = Integer.parseInt(arguments[0]);
        int interleavings = Integer.parseInt(arguments[1]);
        int status = 0;
        for (String model : List.of(arguments).subList(2, arguments.length)) {
            try {
                check(Class.forName(model), scenarios, interleavings);
            } catch (LincheckAssertionError found) {
                System.out.println(model + found.getMessage());
                status = FOUND;
            }
        }
        System.exit(status);
    }

    private static void check(Class<?> model, int scenarios, int interleavings) {
        long operations = Stream.of(model.getMethods())
                .filter(method -> method.isAnnotationPresent(Operation.class))
                .count();
        int different = operations == 1 ? 1 : scenarios; // of one operation only one scenario can be made
        new ModelCheckingOptions()
                .iterations(different)
                .invocationsPerIteration(scenarios * interleavings / different)
                .threads(2)
                .actorsPerThread(operations == 1 ? 2 : 3)
                .actorsBefore(operations == 1 ? 0 : 1)
                .actorsAfter(operations == 1 ? 0 : 1)
                .minimizeFailedScenario(false)
                .check(model);
    }
}
