/**
 * Examples, each a main class that the tests run: one for each form of processor, one for each way to a result, one for
 * each recipe.
 */
@NullMarked
package io.microbatcher.examples;

import org.jspecify.annotations.NullMarked;
