/** Meters for the batcher, by the conventions of Micrometer. */
@SuppressWarnings("requires-transitive-automatic") // its jar names the module, so that the name will stay
module io.microbatcher.micrometer {
    requires transitive io.microbatcher;
    requires transitive micrometer.core;
    requires static org.jspecify;

    exports io.microbatcher.micrometer;
}
