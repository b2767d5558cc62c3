package io.microbatcher.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/contract.md and the tests agree: every rule is held by a test, and every test that holds one is named there. */
class ContractPageTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| R(\\d+\\.\\d+) \\|(.*)\\|$");
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");
    private static final Pattern TEST = Pattern.compile("\\bvoid r(\\d+_\\d+)_\\w+\\(");
    private static final int TESTS_COLUMN = 2;

    private final Map<String, Set<String>> listed = listed();
    private final Set<String> classes = new TreeSet<>();
    private final Map<String, Set<String>> holding = holding();

    ContractPageTest() throws IOException {}

    @Test
    void thePageHasEveryRuleOnceAndInOrder() throws IOException {
        List<String> ids = new ArrayList<>();
        Matcher row = ROW.matcher(page());
        while (row.find()) {
            ids.add(row.group(1));
        }
        List<String> all = new ArrayList<>();
        int[] rulesOfSection = {9, 7, 4, 4, 12, 8, 8, 7};
        for (int section = 1; section <= rulesOfSection.length; section++) {
            String prefix = section + ".";
            IntStream.rangeClosed(1, rulesOfSection[section - 1]).forEach(rule -> all.add(prefix + rule));
        }
        assertThat(ids).isEqualTo(all);
    }

    @Test
    void everyRuleIsHeldByATestOfAClassThatItsRowNames() {
        assertThat(rulesWhere((named, holders) -> Collections.disjoint(named, holders)))
                .as("rules R… whose row names no class with a test r…_")
                .isEmpty();
    }

    @Test
    void everyClassWithATestOfARuleIsNamedInItsRow() {
        assertThat(rulesWhere((named, holders) -> !named.containsAll(holders)))
                .as("rules R… whose row lacks a class; its tests should be")
                .isEmpty();
    }

    @Test
    void everyClassThatThePageNamesExists() {
        assertThat(listed.values().stream().flatMap(Set::stream).filter(name -> !classes.contains(name)))
                .as("classes that the page names and nobody has written")
                .isEmpty();
    }

    /** The rules for which something is wrong, with the cell of the page that would list all their tests. */
    private Map<String, String> rulesWhere(BiPredicate<Set<String>, Set<String>> isWrong) {
        Set<String> rules = new TreeSet<>(listed.keySet());
        rules.addAll(holding.keySet());
        Map<String, String> wrong = new TreeMap<>();
        for (String rule : rules) {
            Set<String> named = listed.getOrDefault(rule, Set.of());
            Set<String> holders = holding.getOrDefault(rule, Set.of());
            if (isWrong.test(named, holders)) {
                wrong.put(rule, cell(holders));
            }
        }
        return wrong;
    }

    private static String cell(Set<String> names) {
        return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }

    private static String page() throws IOException {
        return Files.readString(Sources.ROOT.resolve("docs/contract.md"));
    }

    /** By rule, the classes in its row. */
    private static Map<String, Set<String>> listed() throws IOException {
        Map<String, Set<String>> listed = new TreeMap<>();
        Matcher row = ROW.matcher(page());
        while (row.find()) {
            String tests = row.group(2).split("\\|")[TESTS_COLUMN];
            Set<String> named = NAME.matcher(tests)
                    .results()
                    .map(name -> name.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
            listed.put(row.group(1), named);
        }
        return listed;
    }

    /** By rule, the classes of this module that have a test of it. */
    private Map<String, Set<String>> holding() throws IOException {
        Map<String, Set<String>> holding = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Sources.ROOT.resolve("contract-tests/src/test/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                classes.add(name);
                TEST.matcher(Files.readString(file))
                        .results()
                        .forEach(test -> holding.computeIfAbsent(
                                        test.group(1).replace('_', '.'), rule -> new TreeSet<>())
                                .add(name));
            }
        }
        return holding;
    }
}
