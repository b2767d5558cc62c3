package io.microbatcher.site;

import java.util.List;

/**
 * A page before it has its frame.
 *
 * @param path where it goes, from the root of the site, as in {@code adr/index.html}
 * @param title its first heading
 * @param body HTML
 * @param sections the headings that its table of contents lists
 */
record Page(String path, String title, String body, List<Section> sections) {
    Page {
        sections = List.copyOf(sections);
    }

    /**
     * A heading with its anchor.
     *
     * @param anchor the id, without #
     * @param title plain text
     */
    record Section(String anchor, String title) {}
}
