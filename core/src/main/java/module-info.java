/** The micro-batcher: single jobs in, batches to a processor, every caller its own result. */
module io.microbatcher {
    requires static org.jspecify;
    requires jdk.jfr;

    exports io.microbatcher;
}
