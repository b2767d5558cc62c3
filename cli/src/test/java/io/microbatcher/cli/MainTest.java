package io.microbatcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpNamesEveryCommandOnStandardOutput() {
        assertThat(execute("--help")).isZero();

        assertThat(out.toString()).contains("Usage: microbatcher", "demo", "help", "--version");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void helpOfACommandIsThereInBothSpellings() {
        assertThat(execute("demo", "--help")).isZero();
        String asOption = out.toString();
        out.getBuffer().setLength(0);

        assertThat(execute("help", "demo")).isZero();

        assertThat(out.toString()).isEqualTo(asOption).contains("--callers", "--seconds", "--batch-size", "--file");
    }

    @Test
    void versionIsTheOneOfTheBuild() {
        assertThat(execute("--version")).isZero();

        assertThat(out.toString()).matches("microbatcher \\d+\\.\\d+\\.\\d+\\S* \\(Java .+\\)\\R");
    }

    @Test
    void anUnknownCommandIsNotUnderstoodAndTheLikeOneIsNamed() {
        assertThat(execute("dmo")).isEqualTo(2);

        assertThat(err.toString()).contains("'dmo'", "demo", "Try 'microbatcher --help'");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void anUnknownOptionIsNotUnderstoodAndTheLikeOneIsNamed() {
        assertThat(execute("demo", "--caller", "3")).isEqualTo(2);

        assertThat(err.toString())
                .startsWith("microbatcher demo: unknown options: '--caller'")
                .contains("--callers", "Try 'microbatcher demo --help' for what is possible.");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void optionsAreRefusedInOneFormWhoeverFindsThemWrong() {
        for (String[] wrong : new String[][] {
            {"demo", "--callers", "0"},
            {"demo", "--callers", "x"},
            {"tune", "--callers", "2"},
            {"tune", "--callers", "x"},
            {"pipe", "--exec", "cat", "--batch-size", "x"},
        }) {
            err.getBuffer().setLength(0);
            assertThat(execute(wrong)).isEqualTo(2);
            assertThat(err.toString())
                    .startsWith("microbatcher " + wrong[0] + ": ")
                    .endsWith("Try 'microbatcher " + wrong[0] + " --help' for what is possible."
                            + System.lineSeparator());
        }
    }

    @Test
    void noCommandAtAllIsNotUnderstoodAndTheCommandsAreListed() {
        assertThat(execute()).isEqualTo(2);

        assertThat(err.toString()).contains("Usage: microbatcher", "demo", "pipe", "tune", "help");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aFailureOfTheWorldIsOneSentence() {
        assertThat(execute(new Broken(new IOException("the disk is full")))).isEqualTo(1);

        assertThat(err.toString().strip()).isEqualTo("microbatcher broken: the disk is full");
    }

    @Test
    void aFailureOfTheProgramShowsWhereItHappened() {
        assertThat(execute(new Broken(new IllegalStateException()))).isEqualTo(1);

        assertThat(err.toString())
                .startsWith("microbatcher broken: IllegalStateException")
                .contains("\tat ");
    }

    private int execute(String... arguments) {
        return execute(Main.commandLine(), arguments);
    }

    private int execute(Broken broken) {
        CommandLine main = Main.commandLine();
        main.addSubcommand(new CommandLine(broken).setExecutionExceptionHandler(main.getExecutionExceptionHandler()));
        return execute(main, "broken");
    }

    private int execute(CommandLine main, String... arguments) {
        return main.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Command(name = "broken")
    private record Broken(Exception failure) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            throw failure;
        }
    }
}
