package io.microbatcher.cli;

import io.microbatcher.cli.demo.Demo;
import io.microbatcher.cli.pipe.PipeCommand;
import io.microbatcher.cli.tune.Tune;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command {@code microbatcher}. Exit codes: 0 done, 1 failed, 2 not understood, 130 interrupted.
 *
 * <p>Standard output carries results alone; complaints and progress go to standard error.
 */
@Command(
        name = "microbatcher",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Turns calls that come one at a time into few calls that carry many.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footer = {"", "'microbatcher COMMAND --help' tells the options of a command."},
        subcommands = {
            Demo.class,
            PipeCommand.class,
            Tune.class,
            HelpCommand.class,
        })
public final class Main implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    private Main() {}

    /**
     * Runs one command and ends the JVM with its exit code.
     *
     * @param arguments the command and its options
     */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /**
     * Builds the command line, for {@link #main} and for tests that give it other writers.
     *
     * @return all commands, ready to execute
     */
    public static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setParameterExceptionHandler(Main::notUnderstood)
                .setExecutionExceptionHandler(Main::failed);
    }

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        spec.commandLine().usage(err);
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    private static int notUnderstood(ParameterException what, String[] arguments) {
        CommandLine command = what.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.println(command.getColorScheme().errorText(name + ": " + inOurWords(what)));
        UnmatchedArgumentException.printSuggestions(what, err);
        err.println("Try '" + name + " --help' for what is possible.");
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    /** The parser begins its sentences in upper case; ours follow the name of the command. */
    private static String inOurWords(ParameterException what) {
        String message = String.valueOf(what.getMessage());
        return Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }

    /** The world's failures need a sentence; a stack trace is for those that only a change of this program can mend. */
    private static int failed(Exception what, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        err.println(
                command.getColorScheme().errorText(command.getCommandSpec().qualifiedName() + ": " + sentence(what)));
        if (!(what instanceof IOException || what instanceof SQLException)) {
            what.printStackTrace(err);
        }
        err.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String sentence(Exception what) {
        String message = what.getMessage();
        return message == null || message.isBlank() ? what.getClass().getSimpleName() : message;
    }
}
