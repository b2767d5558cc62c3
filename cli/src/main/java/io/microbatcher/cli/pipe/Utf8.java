package io.microbatcher.cli.pipe;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Decodes UTF-8 and says where it is not. */
final class Utf8 {
    private Utf8() {}

    static String decode(byte[] bytes, int offset, int length) throws UnfitException {
        String text = decodeOrNull(bytes, offset, length);
        if (text == null) {
            throw new UnfitException("not UTF-8: byte " + (firstBad(bytes, offset, length) + 1)
                    + " of the line; convert the input, for example with iconv -t UTF-8");
        }
        return text;
    }

    /** The text, or null if the bytes are not UTF-8. */
    static @Nullable String decodeOrNull(byte[] bytes, int offset, int length) {
        String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
        // the replacement character may be the input's own: only then is a second look needed
        return text.indexOf('\uFFFD') >= 0 && firstBad(bytes, offset, length) >= 0 ? null : text;
    }

    private static int firstBad(byte[] bytes, int offset, int length) {
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, CharBuffer.allocate(length), true);
        return result.isError() ? in.position() - offset : -1;
    }
}
