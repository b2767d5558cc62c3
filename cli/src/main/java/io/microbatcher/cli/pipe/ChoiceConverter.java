package io.microbatcher.cli.pipe;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads one of a few words, in lower case or upper case. */
abstract class ChoiceConverter<E extends Enum<E>> implements ITypeConverter<E> {
    private final List<E> choices;

    @SafeVarargs
    @SuppressWarnings("varargs")
    private ChoiceConverter(E... choices) {
        this.choices = Arrays.asList(choices);
    }

    @Override
    public E convert(String text) {
        for (E choice : choices) {
            if (choice.name().equalsIgnoreCase(text)) {
                return choice;
            }
        }
        throw new TypeConversionException(
                "'" + text + "' is none of " + choices.toString().toLowerCase(Locale.ROOT));
    }

    static final class OfFormat extends ChoiceConverter<Plan.Format> {
        OfFormat() {
            super(Plan.Format.TEXT, Plan.Format.JSON, Plan.Format.CSV);
        }
    }

    static final class OfProgress extends ChoiceConverter<Progress.When> {
        OfProgress() {
            super(Progress.When.values());
        }
    }

    static final class OfSummary extends ChoiceConverter<Summary.Form> {
        OfSummary() {
            super(Summary.Form.values());
        }
    }
}
