package io.microbatcher.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {
    @Test
    void progressIsWrittenOverOnATerminalAndNotWrittenElsewhere() {
        StringWriter terminal = new StringWriter();
        StringWriter file = new StringWriter();

        new Progress(new PrintWriter(terminal), true).show("half");
        new Progress(new PrintWriter(file), false).show("half");

        assertThat(terminal.toString()).isEqualTo("\r\u001b[Khalf");
        assertThat(file.toString()).isEmpty();
    }
}
