/** The command line: {@code Main} names the commands, each command has a package of its own. */
@NullMarked
package io.microbatcher.cli;

import org.jspecify.annotations.NullMarked;
