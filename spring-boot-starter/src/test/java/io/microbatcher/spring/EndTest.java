package io.microbatcher.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariDataSource;
import io.microbatcher.BatchProcessor;
import io.microbatcher.BatcherClosedException;
import io.microbatcher.MicroBatcher;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The application stops: first the web server, then the batchers, then the pool; with a real server and a real pool. */
class EndTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final List<String> EVENTS = new CopyOnWriteArrayList<>();
    private static volatile CountDownLatch closing = new CountDownLatch(1);

    @BeforeEach
    void startAnew() {
        EVENTS.clear();
        closing = new CountDownLatch(1);
    }

    @Configuration(proxyBeanMethods = false)
    static class Pool {
        @Bean
        HikariDataSource pool() {
            HikariDataSource pool = new HikariDataSource() {
                @Override
                public void close() {
                    EVENTS.add("pool closed");
                    super.close();
                }
            };
            pool.setJdbcUrl("jdbc:h2:mem:end");
            pool.setMaximumPoolSize(2);
            return pool;
        }

        @Bean
        ApplicationListener<ContextClosedEvent> notice() {
            return event -> closing.countDown();
        }
    }

    /** What a batch asks the database once the application has begun to stop. */
    private static List<String> answers(DataSource pool, List<Integer> jobs) throws SQLException {
        List<String> answers = new ArrayList<>();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (int job : jobs) {
                try (ResultSet row = statement.executeQuery("select 'row " + job + "'")) {
                    row.next();
                    answers.add(row.getString(1));
                }
            }
        }
        EVENTS.add("batch");
        return answers;
    }

    // ---------------------------------------------------------------- with a web server

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Web {
        @Bean
        BatchProcessor<Integer, String> rows(DataSource pool) {
            return jobs -> {
                closing.await();
                return answers(pool, jobs);
            };
        }

        @Bean
        Controller controller(MicroBatcher<Integer, String> rows) {
            return new Controller(rows);
        }
    }

    @RestController
    static class Controller {
        private final MicroBatcher<Integer, String> rows;

        Controller(MicroBatcher<Integer, String> rows) {
            this.rows = rows;
        }

        @GetMapping("/rows/{id}")
        String row(@PathVariable("id") int id) throws InterruptedException {
            return rows.run(id);
        }
    }

    @Test
    void requestsInFlightAreAnsweredBeforeThePoolCloses() throws Exception {
        ConfigurableApplicationContext application = new SpringApplicationBuilder(Web.class, Pool.class)
                .run(
                        "--server.port=0",
                        "--server.shutdown=graceful",
                        "--microbatcher.instances.rows.batch-size=3",
                        "--microbatcher.instances.rows.batch-cycle=1h"); // the last one would wait so long
        Http http = new Http(application);
        List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            responses.add(http.get("/rows/" + i));
        }
        for (String server : new String[] {"webServerGracefulShutdown", "webServerStartStop"}) {
            assertThat(BatcherLifecycle.PHASE)
                    .as("stops after " + server)
                    .isLessThan(
                            application.getBean(server, SmartLifecycle.class).getPhase());
        }
        MicroBatcher<?, ?> batcher = application.getBean(MicroBatcher.class);
        await().atMost(LIMIT).until(() -> batcher.stats().pending() == 7);

        application.close();

        for (int i = 0; i < 7; i++) {
            HttpResponse<String> response = responses.get(i).get(30, TimeUnit.SECONDS);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("row " + i);
        }
        assertThat(EVENTS).startsWith("batch", "batch", "batch").endsWith("pool closed");
        assertThat(EVENTS.stream().filter("pool closed"::equals)).hasSize(1);
    }

    // ---------------------------------------------------------------- without

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Background {
        @Bean
        BatchProcessor<Integer, String> rows(DataSource pool) {
            return jobs -> answers(pool, jobs);
        }
    }

    private static ConfigurableApplicationContext started(Class<?> type, String... arguments) {
        SpringApplication application = new SpringApplication(type, Pool.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        return application.run(arguments);
    }

    @SuppressWarnings("unchecked")
    private static MicroBatcher<Integer, String> batcher(ConfigurableApplicationContext application) {
        return application.getBean(MicroBatcher.class);
    }

    @Test
    void jobsThatWaitForTheirBatchToFillAreDoneBeforeThePoolCloses() {
        ConfigurableApplicationContext application =
                started(Background.class, "--microbatcher.defaults.batch-cycle=1h");
        CompletableFuture<String> job = batcher(application).submit(1);

        application.close();

        assertThat(job).isCompletedWithValue("row 1");
        assertThat(EVENTS).containsExactly("batch", "pool closed");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class LateSubmitter {
        @Bean
        BatchProcessor<Integer, String> rows(DataSource pool) {
            return jobs -> answers(pool, jobs);
        }

        @Bean(destroyMethod = "end")
        Late late(MicroBatcher<Integer, String> rows) {
            return new Late(rows);
        }
    }

    static final class Late {
        private final MicroBatcher<Integer, String> rows;
        CompletableFuture<String> last = new CompletableFuture<>();

        Late(MicroBatcher<Integer, String> rows) {
            this.rows = rows;
        }

        void end() {
            last = rows.submit(9);
        }
    }

    @Test
    void whatABeanSubmitsAsItIsDestroyedIsDoneToo() {
        ConfigurableApplicationContext application =
                started(LateSubmitter.class, "--microbatcher.defaults.batch-cycle=1h");
        Late late = application.getBean(Late.class);

        application.close();

        assertThat(late.last).isCompletedWithValue("row 9");
        assertThat(EVENTS).containsExactly("batch", "pool closed");
    }

    static class Service {
        private final DataSource pool;

        Service(DataSource pool) {
            this.pool = pool;
        }

        @MicroBatched(batchMethod = "rows", batchCycle = "1h")
        public CompletableFuture<String> row(int id) {
            return new CompletableFuture<>();
        }

        public List<String> rows(List<Integer> ids) throws SQLException {
            return answers(pool, ids);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Annotated {
        @Bean
        Service service(DataSource pool) {
            return new Service(pool);
        }
    }

    @Test
    void callsOfBatchedMethodsAreDoneBeforeThePoolCloses() {
        ConfigurableApplicationContext application = started(Annotated.class);
        Batchers batchers = application.getBean(Batchers.class);
        CompletableFuture<String> row = application.getBean(Service.class).row(3);
        MicroBatcher<?, ?> batcher = java.util.Objects.requireNonNull(batchers.find("service-row"));

        application.close();

        assertThat(row).isCompletedWithValue("row 3");
        assertThat(EVENTS).containsExactly("batch", "pool closed");
        assertThat(batcher.drain()).isDone();
        assertThat(batchers.all()).isEmpty();
    }

    @Test
    void aContextThatIsStoppedAndStartedAgainGoesOn() throws Exception {
        try (ConfigurableApplicationContext application =
                started(Background.class, "--microbatcher.defaults.batch-cycle=1h")) {
            CompletableFuture<String> before = batcher(application).submit(1);
            application.stop();
            assertThat(before).isCompletedWithValue("row 1");
            application.start();
            CompletableFuture<String> after = batcher(application).submit(2);
            batcher(application).flush();
            assertThat(after.get(30, TimeUnit.SECONDS)).isEqualTo("row 2");
        }
    }

    // ---------------------------------------------------------------- a processor that does not come back

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Stuck {
        private final CountDownLatch atWork = new CountDownLatch(1);

        @Bean
        CountDownLatch atWork() {
            return atWork;
        }

        @Bean
        BatchProcessor<Integer, String> rows() {
            return jobs -> {
                atWork.countDown();
                new CountDownLatch(1).await();
                return List.of();
            };
        }
    }

    @Test
    void whatIsNotDoneInTimeIsCutOffAndTheLogSaysHowMuch() throws Exception {
        ConfigurableApplicationContext application =
                started(Stuck.class, "--microbatcher.shutdown-timeout=10ms", "--microbatcher.defaults.batch-size=1");
        CompletableFuture<String> inFlight = batcher(application).submit(1);
        application.getBean(CountDownLatch.class).await(30, TimeUnit.SECONDS);
        CompletableFuture<String> waiting = batcher(application).submit(2);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(Ending.class);
        logger.addAppender(log);
        try {
            application.close();
        } finally {
            logger.detachAppender(log);
        }
        assertThat(waiting).failsWithin(LIMIT).withThrowableThat().withCauseInstanceOf(BatcherClosedException.class);
        assertThat(inFlight).failsWithin(LIMIT);
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "Batcher 'rows' was not done within microbatcher.shutdown-timeout, PT0.01S: of 2 pending "
                                + "jobs 1 never reached the processor, and the batches of the others were interrupted");
    }
}
