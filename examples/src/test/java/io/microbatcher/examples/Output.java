package io.microbatcher.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/** What a main class prints. Examples run one after another, so that nobody else prints meanwhile. */
final class Output {
    private Output() {}

    interface Main {
        void run(String... args) throws Exception;
    }

    static List<String> of(Main example) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (PrintStream to = new PrintStream(printed, true, UTF_8)) {
            System.setOut(to);
            example.run();
        } finally {
            System.setOut(before);
        }
        return printed.toString(UTF_8).lines().toList();
    }
}
