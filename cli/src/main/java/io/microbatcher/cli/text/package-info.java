/** What several commands print with. */
@NullMarked
package io.microbatcher.cli.text;

import org.jspecify.annotations.NullMarked;
