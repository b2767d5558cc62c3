package io.microbatcher.spring;

import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * One place that says options of a batcher: the properties of the instance, an annotation, the properties for all.
 *
 * @param where the place, as a complaint names it
 * @param path tells how an option, named as in properties, is called in this place
 * @param says what it says
 */
record Layer(String where, UnaryOperator<String> path, BatcherProperties says) {

    static Layer properties(String prefix, BatcherProperties says) {
        return new Layer(prefix, option -> prefix + "." + option, says);
    }

    static Layer annotation(String where, BatcherProperties says) {
        return new Layer(where, option -> where + ": " + camelCase(option), says);
    }

    private static String camelCase(String option) {
        StringBuilder name = new StringBuilder();
        for (String word : option.split("-", -1)) {
            name.append(name.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return name.toString();
    }
}
