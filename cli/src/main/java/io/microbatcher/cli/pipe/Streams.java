package io.microbatcher.cli.pipe;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.IntConsumer;

/**
 * What the command is connected to.
 *
 * @param in the standard input
 * @param out the standard output
 * @param err the standard error
 * @param terminal whether the standard error is a terminal
 * @param halt ends the process at once, when nothing else does
 */
record Streams(InputStream in, OutputStream out, OutputStream err, boolean terminal, IntConsumer halt) {

    /** The process's own, without the layers that {@code System.out} has: they hide failures. */
    static Streams ofProcess() {
        return new Streams(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                Terminal.isStandardError(),
                Runtime.getRuntime()::halt);
    }
}
