package io.microbatcher.cli.pipe;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;

/** The standard output. The first failure is the last: after it every write fails at once. */
final class Output {
    private final OutputStream out;
    private final Screen screen;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean broken;

    Output(OutputStream out, Screen screen) {
        this.out = out;
        this.screen = screen;
    }

    void write(byte[] bytes, int length) throws IOException {
        lock.lock();
        try {
            if (broken) {
                throw new IOException("the standard output failed before");
            }
            screen.clear();
            out.write(bytes, 0, length);
            out.flush();
        } catch (IOException failed) {
            broken = true;
            throw failed;
        } finally {
            lock.unlock();
        }
    }

    boolean isBroken() {
        return broken;
    }

    /** Whether the reader has gone, as opposed to a disk that is full. */
    static boolean isReaderGone(IOException failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("broken pipe") || message.contains("pipe closed")) {
            return true;
        }
        try { // the message may be in the user's language
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("pipe:") || target.startsWith("socket:");
        } catch (IOException | RuntimeException noSuchFileSystem) {
            return false;
        }
    }
}
