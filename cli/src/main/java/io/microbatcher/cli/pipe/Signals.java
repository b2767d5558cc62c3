package io.microbatcher.cli.pipe;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Handles the signals that ask a process to end, for as long as it is open. A handler runs on a thread of its own, so it
 * also works while another one is blocked in a read that nothing can interrupt.
 *
 * <p>The JDK has no official way. Its own {@code sun.misc.Signal}, which the module {@code jdk.unsupported} keeps
 * exported for want of one, is reached by reflection: the compiler warns of it otherwise, and a JVM without it leaves the
 * signals with their default.
 */
final class Signals implements AutoCloseable {
    private final Map<Object, Object> previous = new LinkedHashMap<>();

    private Signals() {}

    /** Has a handler called with the number of each signal that arrives. What was ignored from the start stays so. */
    static Signals handle(IntConsumer handler) {
        Signals signals = new Signals();
        for (String name : List.of("INT", "TERM", "HUP")) {
            signals.handle(name, handler);
        }
        return signals;
    }

    private void handle(String name, IntConsumer handler) {
        try {
            Class<?> type = Class.forName("sun.misc.SignalHandler");
            Object signal = Class.forName("sun.misc.Signal")
                    .getConstructor(String.class)
                    .newInstance(name);
            int number = (int) signal.getClass().getMethod("getNumber").invoke(signal);
            Object proxy = Proxy.newProxyInstance(
                    type.getClassLoader(),
                    new Class<?>[] {type},
                    (self, method, arguments) -> switch (method.getName()) {
                        case "handle" -> {
                            handler.accept(number);
                            yield null;
                        }
                        case "equals" -> self == arguments[0];
                        case "hashCode" -> System.identityHashCode(self);
                        default -> "handler of SIG" + name;
                    });
            previous.put(signal, install(signal, proxy));
        } catch (InvocationTargetException reserved) {
            return; // the JVM was started with -Xrs, or the system has no such signal
        } catch (ReflectiveOperationException noSuchClass) {
            return;
        }
    }

    private static Object install(Object signal, Object handler) throws ReflectiveOperationException {
        return signal.getClass()
                .getMethod("handle", signal.getClass(), Class.forName("sun.misc.SignalHandler"))
                .invoke(null, signal, handler);
    }

    @Override
    public void close() {
        previous.forEach((signal, handler) -> {
            try {
                install(signal, handler);
            } catch (ReflectiveOperationException never) {
                throw new IllegalStateException(never);
            }
        });
    }
}
