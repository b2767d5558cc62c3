package io.microbatcher.site;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Colours Java: what is a comment, a string, an annotation or a keyword, by looks alone. */
final class JavaCode {
    private static final Pattern TOKENS = Pattern.compile(
            "(?<comment>//[^\n]*|/\\*.*?\\*/)"
                    + "|(?<string>\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"|'(?:\\\\.|[^'\\\\\n])+')"
                    + "|(?<annotation>@\\w+)"
                    + "|(?<keyword>\\b(?:abstract|assert|boolean|break|byte|case|catch|char|class|continue|default|do|double|else|enum"
                    + "|extends|false|final|finally|float|for|if|implements|import|instanceof|int|interface|long|new|null|package"
                    + "|private|protected|public|record|return|short|static|super|switch|synchronized|this|throw|throws|true|try|var"
                    + "|void|volatile|while)\\b)",
            Pattern.DOTALL);

    private JavaCode() {}

    static String html(String code) {
        StringBuilder html = new StringBuilder();
        Matcher token = TOKENS.matcher(code);
        int end = 0;
        while (token.find()) {
            html.append(Html.escape(code.substring(end, token.start())));
            String kind = token.group("comment") != null
                    ? "comment"
                    : token.group("string") != null
                            ? "string"
                            : token.group("annotation") != null ? "annotation" : "keyword";
            html.append("<span class=\"")
                    .append(kind)
                    .append("\">")
                    .append(Html.escape(token.group()))
                    .append("</span>");
            end = token.end();
        }
        return html.append(Html.escape(code.substring(end))).toString();
    }
}
