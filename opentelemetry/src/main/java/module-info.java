/** A span for each batch, linked to the spans of its callers, by OpenTelemetry. */
@SuppressWarnings("requires-transitive-automatic") // their jars name the modules, so that the names will stay
module io.microbatcher.opentelemetry {
    requires transitive io.microbatcher;
    requires transitive io.opentelemetry.api;
    requires transitive io.opentelemetry.context;
    requires static org.jspecify;

    exports io.microbatcher.opentelemetry;
}
