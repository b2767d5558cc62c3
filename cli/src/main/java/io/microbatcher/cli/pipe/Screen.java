package io.microbatcher.cli.pipe;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The standard error: messages, what commands print there, and one live line at the bottom that makes way for both.
 * Nobody is told when it cannot be written: there is nowhere left to say so.
 */
final class Screen {
    private static final String ERASE = "\r\u001B[K";

    private final OutputStream err;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean live;

    Screen(OutputStream err) {
        this.err = err;
    }

    void message(String text) {
        print("microbatcher pipe: " + text + "\n");
    }

    void print(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        through(bytes, bytes.length);
    }

    /** Passes on what a command has printed. */
    void through(byte[] bytes, int length) {
        lock.lock();
        try {
            clear();
            write(bytes, length);
        } finally {
            lock.unlock();
        }
    }

    /** Shows a line that the next call replaces. */
    void live(String text) {
        lock.lock();
        try {
            byte[] bytes = (ERASE + text).getBytes(StandardCharsets.UTF_8);
            write(bytes, bytes.length);
            live = true;
        } finally {
            lock.unlock();
        }
    }

    /** Removes the live line, before others write to the same terminal. */
    void clear() {
        lock.lock();
        try {
            if (live) {
                byte[] bytes = ERASE.getBytes(StandardCharsets.UTF_8);
                write(bytes, bytes.length);
                live = false;
            }
        } finally {
            lock.unlock();
        }
    }

    private void write(byte[] bytes, int length) {
        try {
            err.write(bytes, 0, length);
            err.flush();
        } catch (IOException nowhereToSaySo) {
            live = false;
        }
    }
}
