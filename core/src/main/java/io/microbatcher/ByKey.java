package io.microbatcher;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Routes by a key of the job: all jobs with a key get the value that the map holds for it. */
final class ByKey<J, K, R extends @Nullable Object> extends Form<J, R> {
    private final Function<? super J, ? extends K> key;
    private final Call<List<J>, ? extends Map<K, R>> call;

    ByKey(Function<? super J, ? extends K> key, Call<List<J>, ? extends Map<K, R>> call) {
        this.key = key;
        this.call = call;
    }

    @Override
    Verdicts answer(List<J> jobs, Batch<J, R> batch) throws Exception {
        return route(jobs);
    }

    @Override
    public List<R> process(List<J> jobs) throws Exception {
        return results(route(jobs), jobs.size());
    }

    private Verdicts route(List<J> jobs) throws Exception {
        Object[] asked = jobs.toArray(); // the user may change its list
        Map<K, R> answers = call.call(jobs);
        if (answers == null) {
            throw new NullPointerException("the processor returned null instead of a map");
        }
        Map<@Nullable Object, @Nullable Object> byKey =
                new HashMap<>(answers); // one look, whatever the user's map does
        Verdicts verdicts = Verdicts.none(asked.length, "");
        Set<@Nullable Object> wanted = new HashSet<>();
        for (int i = 0; i < asked.length; i++) {
            try {
                @SuppressWarnings("unchecked") // the list holds nothing but J
                Object jobKey = key.apply((J) asked[i]);
                wanted.add(jobKey);
                if (byKey.containsKey(jobKey)) {
                    verdicts.value(i, byKey.get(jobKey));
                } else {
                    verdicts.missing(
                            i,
                            "the map of the processor has " + Failures.count(byKey.size(), "key")
                                    + Failures.suchAs(byKey.keySet()) + ", but not the key of this job: "
                                    + Failures.named(jobKey));
                }
            } catch (Throwable thrown) {
                verdicts.failure(i, thrown);
            }
        }
        byKey.forEach((unasked, value) -> {
            if (!wanted.contains(unasked)) {
                verdicts.addUnmatched(value);
            }
        });
        return verdicts;
    }
}
