package io.microbatcher.spring;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;

/** What the definition of a bean says of its type parameters; an instance, a lambda above all, would not know them. */
final class BeanTypes {
    private BeanTypes() {}

    /** The bean's type seen as another type, with its generics as far as its declaration tells them. */
    static ResolvableType of(ConfigurableListableBeanFactory beans, String name, Class<?> as) {
        if (beans.containsBeanDefinition(name)) {
            ResolvableType declared =
                    beans.getMergedBeanDefinition(name).getResolvableType().as(as);
            if (declared.resolve() != null) {
                return declared;
            }
        }
        Class<?> type = beans.getType(name, false);
        return type == null
                ? ResolvableType.NONE
                : ResolvableType.forClass(type).as(as);
    }
}
