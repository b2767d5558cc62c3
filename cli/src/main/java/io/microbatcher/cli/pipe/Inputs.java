package io.microbatcher.cli.pipe;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Reads the files named on the command line one after the other, or the standard input. */
final class Inputs implements LineSource {
    private final Queue<String> files;
    private final InputStream standardInput;
    private final BiFunction<InputStream, String, LineSource> format;
    private @Nullable InputStream open;
    private @Nullable LineSource current;

    Inputs(List<String> files, InputStream standardInput, BiFunction<InputStream, String, LineSource> format) {
        this.files = new ArrayDeque<>(files.isEmpty() ? List.of(Line.STANDARD_INPUT) : files);
        this.standardInput = standardInput;
        this.format = format;
    }

    /** Finds out what cannot be read before anything is processed. */
    static void check(List<String> files) throws RefusedException {
        for (String file : files) {
            if (!file.equals(Line.STANDARD_INPUT)) {
                Path path = Path.of(file);
                if (!Files.exists(path)) {
                    throw RefusedException.usage("cannot read " + file + ": no such file");
                }
                if (Files.isDirectory(path)) {
                    throw RefusedException.usage("cannot read " + file + ": it is a directory; name its files");
                }
                if (!Files.isReadable(path)) {
                    throw RefusedException.usage("cannot read " + file + ": permission denied");
                }
            }
        }
    }

    @Override
    public @Nullable Line next() throws IOException, RefusedException {
        for (; ; ) {
            LineSource source = current;
            if (source == null) {
                String file = files.poll();
                if (file == null) {
                    return null;
                }
                InputStream in = file.equals(Line.STANDARD_INPUT) ? standardInput : new FileInputStream(file);
                open = in == standardInput ? null : in;
                source = format.apply(in, file);
                current = source;
            }
            Line line = source.next();
            if (line != null) {
                return line;
            }
            close();
            current = null;
        }
    }

    private void close() throws IOException {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
