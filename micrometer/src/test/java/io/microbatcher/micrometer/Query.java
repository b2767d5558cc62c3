package io.microbatcher.micrometer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The names in a query of Prometheus: enough of its grammar for the dashboard, where every metric has a selector in braces.
 *
 * @param selected the metrics, each with the labels that it is selected by, and the values where these are no patterns
 * @param grouped the labels that series are grouped by
 */
record Query(List<Selected> selected, Set<String> grouped) {
    private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\{([^}]*)\\}");
    private static final Pattern MATCHER = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without|on|ignoring)\\s*\\(([^)]*)\\)");
    private static final Pattern REST = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Set<String> WORDS = Set.of("sum", "max", "rate", "by", "increase", "label_values");

    /** A metric with its selector. */
    record Selected(String metric, Map<String, String> literals, Set<String> labels) {}

    static Query of(String text) {
        List<Selected> selected = new ArrayList<>();
        for (MatchResult selector : SELECTOR.matcher(text).results().toList()) {
            Map<String, String> literals = new LinkedHashMap<>();
            Set<String> labels = new LinkedHashSet<>();
            for (MatchResult matcher :
                    MATCHER.matcher(selector.group(2)).results().toList()) {
                labels.add(matcher.group(1));
                if (!matcher.group(2).contains("~")) {
                    literals.put(matcher.group(1), matcher.group(3));
                }
            }
            selected.add(new Selected(selector.group(1), literals, labels));
        }
        Set<String> grouped = new LinkedHashSet<>();
        for (MatchResult grouping : GROUPING.matcher(text).results().toList()) {
            for (String label : grouping.group(1).split(",")) {
                grouped.add(label.strip());
            }
        }
        String rest = GROUPING.matcher(SELECTOR.matcher(text).replaceAll(""))
                .replaceAll("")
                .replaceAll("\\[[^]]*\\]", "");
        for (MatchResult word : REST.matcher(rest).results().toList()) {
            if (!WORDS.contains(word.group())) {
                throw new AssertionError(
                        "neither a metric with a selector nor a word that is known: " + word.group() + " in " + text);
            }
        }
        return new Query(selected, grouped);
    }
}
