package io.microbatcher.spring;

import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Warns, once all beans are there, of what the application says of batchers and no batcher has heard. Warnings only: a bean
 * may be conditional, or lazy, or be meant for something else.
 */
final class Unheard implements SmartInitializingSingleton {
    private static final Log LOG = LogFactory.getLog(Unheard.class);

    private final ListableBeanFactory beans;
    private final BatcherFactory factory;
    private final Batchers batchers;
    private final MicroBatcherProperties properties;

    Unheard(ListableBeanFactory beans, BatcherFactory factory, Batchers batchers, MicroBatcherProperties properties) {
        this.beans = beans;
        this.factory = factory;
        this.batchers = batchers;
        this.properties = properties;
    }

    @Override
    public void afterSingletonsInstantiated() {
        instances();
        meters();
        if (!batchers.all().isEmpty()) { // or they are all lazy, and nobody can tell
            customizers();
        }
    }

    private void instances() {
        for (String name : properties.instances().keySet()) {
            boolean known = batchers.all().keySet().stream()
                    .anyMatch(
                            batcher -> BatcherFactory.propertyName(batcher).equals(BatcherFactory.propertyName(name)));
            if (!known) {
                LOG.warn("There is no batcher for microbatcher.instances." + name + ", so far; there are: " + all());
            }
        }
    }

    private void meters() {
        if (properties.metrics().timeEachJob() && !beans.containsBean(MetersAutoConfiguration.METERS)) {
            LOG.warn("microbatcher.metrics.time-each-job is true, but it is not the starter that meters: that takes "
                    + "microbatcher-micrometer on the class path, a MeterRegistry bean, and no BatcherMeters bean of the "
                    + "application's own");
        }
    }

    private void customizers() {
        Set<String> unheard = new TreeSet<>(Set.of(beans.getBeanNamesForType(MicroBatcherCustomizer.class)));
        unheard.removeAll(factory.heardCustomizers());
        for (String customizer : unheard) {
            LOG.warn("The MicroBatcherCustomizer '" + customizer
                    + "' has been called for no batcher, so far: it is called "
                    + "for those that the starter makes, of the types that its declaration names; there are: " + all());
        }
    }

    private String all() {
        return String.join(", ", batchers.all().keySet());
    }
}
