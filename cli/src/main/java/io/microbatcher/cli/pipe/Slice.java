package io.microbatcher.cli.pipe;

/** A result: a line of the output, as a part of a buffer that is never written again. */
final class Slice {
    /** The result of a job that has no line of output. */
    static final Slice NONE = new Slice(new byte[0], 0, 0);

    final byte[] buffer;
    final int offset;
    final int length;

    Slice(byte[] buffer, int offset, int length) {
        this.buffer = buffer;
        this.offset = offset;
        this.length = length;
    }

    static Slice of(byte[] bytes) {
        return new Slice(bytes, 0, bytes.length);
    }
}
