/** Carries the thread locals of callers along with their jobs, by Micrometer's context propagation. */
@SuppressWarnings("requires-transitive-automatic") // its jar names the module, so that the name will stay
module io.microbatcher.contextpropagation {
    requires transitive io.microbatcher;
    requires transitive context.propagation;
    requires static org.jspecify;

    exports io.microbatcher.contextpropagation;
}
