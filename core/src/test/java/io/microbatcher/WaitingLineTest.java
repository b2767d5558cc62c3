package io.microbatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.microbatcher.WaitingLine.Caller;
import io.microbatcher.WaitingLine.Fate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitingLineTest {
    private final WaitingLine<String, String> line = new WaitingLine<>();

    private Caller<String, String> join() {
        Caller<String, String> caller = new Caller<>(new PendingJob<>("job"));
        line.join(caller);
        return caller;
    }

    private List<Caller<String, String>> served() {
        List<Caller<String, String>> served = new ArrayList<>();
        for (Caller<String, String> first = line.first(); first != null; first = line.first()) {
            line.leave(first, Fate.ACCEPTED);
            served.add(first);
        }
        return served;
    }

    @Test
    void r3_2_whoLeavesTheLineIsNotMissedWhereverTheyStood() {
        Caller<String, String> first = join();
        Caller<String, String> second = join();
        Caller<String, String> third = join();
        Caller<String, String> fourth = join();
        Caller<String, String> fifth = join();
        line.leave(third, Fate.FULL);
        line.leave(fifth, Fate.CLOSED);
        line.leave(first, Fate.FULL);
        Caller<String, String> sixth = join();
        assertThat(line.size()).isEqualTo(3);
        assertThat(served()).containsExactly(second, fourth, sixth);
        assertThat(line.size()).isZero();
        assertThat(List.of(first.fate, second.fate, fifth.fate)).containsExactly(Fate.FULL, Fate.ACCEPTED, Fate.CLOSED);
        Caller<String, String> seventh = join();
        assertThat(served()).containsExactly(seventh);
    }
}
