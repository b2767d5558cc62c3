package io.microbatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictsTest {
    @Test
    void r5_2_onlyAListThatKeepsNoArrayIsCopiedIntoTheRoom() {
        Object[] room = new Object[3];
        Verdicts.byPosition(Arrays.asList("a", "b", "c"), 3, room);
        assertThat(room).as("it might keep the array").containsOnlyNulls();
        Verdicts.byPosition(new ArrayList<>(List.of("a", "b", "c")), 3, room);
        assertThat(room).containsExactly("a", "b", "c");
        Verdicts.byPosition(List.of("d", "e", "f"), 3, room);
        assertThat(room).containsExactly("d", "e", "f");
    }

    @Test
    void aRoomOfAnotherLengthIsLeftAlone() {
        Object[] room = new Object[4];
        assertThat(Verdicts.byPosition(List.of("a", "b", "c"), 3, room).value(2))
                .isEqualTo("c");
        assertThat(room).containsOnlyNulls();
        Object[] fits = new Object[3];
        assertThat(Verdicts.byPosition(List.of("a", "b", "c", "d"), 3, fits).unmatched())
                .containsExactly("d");
        assertThat(fits).containsOnlyNulls();
    }

    @Test
    void r1_3_aListOfTheRightLengthIsAllSuccesses() {
        assertThat(Verdicts.byPosition(List.of("a", "b"), 2).areAllSuccesses()).isTrue();
        assertThat(Verdicts.byPosition(List.of("a"), 2).areAllSuccesses()).isFalse();
        assertThat(Verdicts.none(2, "nothing").areAllSuccesses()).isFalse();
    }

    @Test
    void answersAreWhatWasSaidOfSomePositionsAndWhatBelongsToNone() {
        IllegalStateException cause = new IllegalStateException("no");
        Verdicts verdicts = Verdicts.none(4, "nothing");
        verdicts.value(0, "a");
        verdicts.failure(1, cause);
        verdicts.value(3, "d");
        assertThat(verdicts.answers(position -> true)).containsExactly("a", cause, "d");
        assertThat(verdicts.answers(position -> position == 3)).containsExactly("d");
        assertThat(Verdicts.byPosition(List.of("a", "b", "c"), 2).answers(position -> position == 1))
                .containsExactly("c", "b");
    }

    @Test
    void byHandTheFirstJobWithoutAResultThrows() {
        assertThat(Verdicts.byPosition(List.of("a", "b"), 2).asList(2)).containsExactly("a", "b");
        Verdicts verdicts = Verdicts.none(2, "nothing");
        verdicts.value(0, "a");
        verdicts.failure(1, new IllegalStateException("no"));
        assertThatThrownBy(() -> verdicts.asList(2))
                .isInstanceOf(JobFailedException.class)
                .hasMessageStartingWith("job 2 of 2 in a batch of a processor called by hand failed");
    }
}
