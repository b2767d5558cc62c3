/** Makes the pages of the documentation. Reads the project, writes HTML that needs no server and no network. */
@NullMarked
package io.microbatcher.site;

import org.jspecify.annotations.NullMarked;
