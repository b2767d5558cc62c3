package io.microbatcher.site;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.ThrowsTree;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.VariableElement;

/**
 * One way to set an option: a method, by its comment. All but the names and types is HTML.
 *
 * @param name of the method
 * @param parameters with their types and ranges; none if the call itself is the option
 * @param byDefault what is so without it; empty if the comment does not say
 * @param summary the first sentence
 * @param meaning all of the comment, in paragraphs
 * @param complaints what it throws, and when
 * @param api the place in the Javadoc
 */
record Option(
        String name,
        List<Parameter> parameters,
        String byDefault,
        String summary,
        String meaning,
        List<String> complaints,
        String api) {
    /** A sentence of the comment that says so, as in "Default 100." or "The default where …". */
    private static final Pattern DEFAULT =
            Pattern.compile("(?:^|[.>] )((?:The d|D)efault:? )(.*?)\\.(?= [A-Z<]|<p>| ?$)");

    Option {
        parameters = List.copyOf(parameters);
        complaints = List.copyOf(complaints);
    }

    /**
     * What one has to give.
     *
     * @param range what may be given, HTML
     */
    record Parameter(String name, String type, String range) {}

    static Option of(Sources sources, ExecutableElement method) {
        DocCommentTree comment =
                sources.comment(method).orElseThrow(() -> new IllegalArgumentException(method + " has no comment"));
        CommentHtml html = new CommentHtml(sources, method, comment);
        List<Parameter> parameters = new ArrayList<>();
        for (VariableElement parameter : method.getParameters()) {
            String name = parameter.getSimpleName().toString();
            String range = blocks(comment, ParamTree.class).stream()
                    .filter(tag -> !tag.isTypeParameter())
                    .filter(tag -> tag.getName().getName().contentEquals(name))
                    .map(tag -> html.of(tag.getDescription()))
                    .findFirst()
                    .orElse("");
            parameters.add(new Parameter(name, Sources.simple(parameter.asType()), range));
        }
        String meaning = html.of(comment.getFullBody());
        return new Option(
                method.getSimpleName().toString(),
                parameters,
                byDefault(meaning),
                html.of(comment.getFirstSentence()),
                "<p>" + meaning.replace(" <p>", "</p>\n<p>") + "</p>",
                blocks(comment, ThrowsTree.class).stream()
                        .map(tag ->
                                Html.code(tag.getExceptionName().getSignature()) + " " + html.of(tag.getDescription()))
                        .toList(),
                html.place(method));
    }

    /** As in {@code int} or {@code long, ToLongFunction<? super J>}. */
    String types() {
        return parameters.stream().map(Parameter::type).collect(Collectors.joining(", "));
    }

    static String byDefault(String meaning) {
        Matcher sentence = DEFAULT.matcher(meaning);
        if (!sentence.find()) {
            return "";
        }
        String rest = sentence.group(2);
        return sentence.group(1).startsWith("The") ? "the default " + rest : rest;
    }

    private static <T extends DocTree> List<T> blocks(DocCommentTree comment, Class<T> type) {
        return comment.getBlockTags().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }
}
