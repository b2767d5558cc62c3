package io.microbatcher.cli.pipe;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;

/**
 * The file of jobs that did not end well, one JSON object a line, each written at once and whole:
 *
 * <pre>{"outcome":"failed","file":"jobs.txt","line":12,"reason":"exit status 3","job":"…"}</pre>
 *
 * <p>{@code outcome} is {@code failed}, {@code unprocessed} or {@code unwritten}; {@code file} is {@code -} for the
 * standard input; a job that is not UTF-8 is in {@code job_base64} instead of {@code job}; {@code "truncated":true} says
 * that the job is there in part.
 */
final class DeadLetters implements AutoCloseable {
    private final OutputStream out;

    private DeadLetters(OutputStream out) {
        this.out = out;
    }

    /** Opens the file; letters are added to those it holds. */
    static DeadLetters open(Path file) throws RefusedException {
        try {
            return new DeadLetters(Files.newOutputStream(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
        } catch (IOException failed) {
            throw RefusedException.usage("cannot write --dead-letter " + file + ": "
                    + Reasons.oneLine(failed.toString()) + "; name a file in a directory that can be written");
        }
    }

    void add(String outcome, Line line, String reason) throws IOException {
        StringBuilder json = new StringBuilder(128 + line.length);
        JsonText.appendString(json.append("{\"outcome\":"), outcome);
        JsonText.appendString(json.append(",\"file\":"), line.file);
        json.append(",\"line\":").append(line.number);
        JsonText.appendString(json.append(",\"reason\":"), reason);
        String text = Utf8.decodeOrNull(line.buffer, line.offset, line.length);
        if (text != null) {
            JsonText.appendString(json.append(",\"job\":"), text);
        } else {
            byte[] bytes = java.util.Arrays.copyOfRange(line.buffer, line.offset, line.offset + line.length);
            json.append(",\"job_base64\":\"")
                    .append(Base64.getEncoder().encodeToString(bytes))
                    .append('"');
        }
        if (line.truncated) {
            json.append(",\"truncated\":true");
        }
        out.write(json.append("}\n").toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
