package io.microbatcher.cli.pipe;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations as people write them: {@code 50ms}, {@code 2s}, {@code 1.5m}, {@code 0}. */
final class DurationConverter implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)(us|ms|s|m|h|d)");
    private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE - 1);
    private static final Map<String, Long> NANOS = Map.of(
            "us", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L,
            "d", 86_400_000_000_000L);

    @Override
    public Duration convert(String text) {
        Matcher form = FORM.matcher(text.equals("0") ? "0s" : text);
        Long unit = form.matches() ? NANOS.get(form.group(2)) : null;
        if (unit == null) {
            throw new TypeConversionException("'" + text
                    + "' is no duration; write a number and a unit (us, ms, s, m, h, d), such as 50ms, 2s or 1m");
        }
        BigDecimal[] parts = new BigDecimal(form.group(1))
                .multiply(BigDecimal.valueOf(unit))
                .divideAndRemainder(BigDecimal.valueOf(1_000_000_000L));
        return Duration.ofSeconds(parts[0].min(LONGEST).longValue(), parts[1].longValue());
    }
}
