/** A virtual clock and a manual executor, for tests of code that uses a micro-batcher. */
module io.microbatcher.test {
    requires transitive io.microbatcher;
    requires static org.jspecify;

    exports io.microbatcher.test;
}
