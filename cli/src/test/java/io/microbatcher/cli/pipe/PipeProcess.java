package io.microbatcher.cli.pipe;

import picocli.CommandLine;

/** The command as a process of its own, for tests that send it signals or close its pipes. */
final class PipeProcess {
    private PipeProcess() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new PipeCommand()).execute(arguments));
    }
}
