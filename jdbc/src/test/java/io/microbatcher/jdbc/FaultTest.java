package io.microbatcher.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultTest {
    @ParameterizedTest
    @CsvSource({
        "23505, 0, ROW",
        "22P02, 0, ROW",
        "42501, 0, ROW",
        "P0001, 0, ROW",
        "40001, 0, CHANCE",
        "40P01, 0, CHANCE",
        "55P03, 0, CHANCE",
        "HYT00, 50200, CHANCE",
        "90131, 90131, CHANCE",
        "HY000, 1205, CHANCE",
        "40001, 1213, CHANCE",
        "08006, 0, CONNECTION",
        "40003, 0, CONNECTION",
        "57P01, 0, CONNECTION",
        "90067, 90067, CONNECTION",
        "42601, 0, ALL",
        "42P01, 0, ALL",
        "42S02, 42102, ALL",
        "57014, 0, ALL",
        "53100, 0, ALL",
        "25006, 0, ALL",
    })
    void whoIsToBlameIsToldByTheStateOrTheCode(String state, int code, Fault fault) {
        assertThat(Fault.of(new SQLException("told", state, code))).isEqualTo(fault);
    }

    /** Its driver gives no states. */
    @ParameterizedTest
    @CsvSource({"19, ROW", "20, ROW", "1, ROW", "5, CHANCE", "6, CHANCE", "517, CHANCE", "13, ALL", "9, ALL", "8, ALL"})
    void ofSqliteTheCodeTells(int code, Fault fault) {
        assertThat(Fault.of(new SQLException("told", null, code))).isEqualTo(fault);
    }

    @Test
    void theClassOfAnExceptionTellsToo() {
        assertThat(Fault.of(new SQLTransientConnectionException("the pool is empty")))
                .isEqualTo(Fault.CONNECTION);
        assertThat(Fault.of(new SQLRecoverableException("gone", "66000"))).isEqualTo(Fault.CONNECTION);
        assertThat(Fault.of(new SQLTransactionRollbackException("lost"))).isEqualTo(Fault.CHANCE);
        assertThat(Fault.of(new SQLTimeoutException("late"))).isEqualTo(Fault.ALL);
        assertThat(Fault.of(new SQLSyntaxErrorException("what?", "37000"))).isEqualTo(Fault.ALL);
    }

    @Test
    void theExceptionOfABatchMayHideTheOneThatTells() {
        BatchUpdateException outer = new BatchUpdateException();
        outer.setNextException(new SQLException("deadlock", "40P01"));
        assertThat(Fault.of(outer)).isEqualTo(Fault.CHANCE);
    }

    @Test
    void whatUsersThrowIsTheirRowsAndAnErrorIsEverybodys() {
        assertThat(Fault.of(new IllegalStateException("mine"))).isEqualTo(Fault.ROW);
        assertThat(Fault.of(new AssertionError("the driver's"))).isEqualTo(Fault.ALL);
        assertThat(Fault.of(new InterruptedException())).isEqualTo(Fault.ALL);
    }
}
