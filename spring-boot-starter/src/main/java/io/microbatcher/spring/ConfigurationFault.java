package io.microbatcher.spring;

import java.io.Serial;

/** Something that the application's author has to change before it can start. */
final class ConfigurationFault extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String found;
    private final String action;

    /**
     * @param found what was asked, and what was found
     * @param action what to do
     */
    ConfigurationFault(String found, String action) {
        super(found + ". " + action + ".");
        this.found = found;
        this.action = action;
    }

    String found() {
        return found;
    }

    String action() {
        return action;
    }
}
