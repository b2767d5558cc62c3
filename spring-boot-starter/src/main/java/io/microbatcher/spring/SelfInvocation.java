package io.microbatcher.spring;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.FieldVisitor;
import org.springframework.asm.Handle;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.SpringAsmInfo;
import org.springframework.asm.Type;
import org.springframework.util.ClassUtils;

/**
 * Looks into the byte code of a class for calls of one of its methods on {@code this}.
 *
 * <p>A call names its class, not its object. It is certainly on {@code this} if the class never gets hold of an object of its
 * own type in any other way: no field, parameter, cast, construction or call that yields one. A class that has one, such as a
 * reference to its own proxy, is believed to know what it does.
 */
final class SelfInvocation {
    private SelfInvocation() {}

    /** The name of a method that certainly calls the given one on its own object; null if there is none or it is not known. */
    static @Nullable String in(Class<?> type, Method called) {
        String file = ClassUtils.convertClassNameToResourcePath(type.getName()) + ".class";
        ClassLoader loader = type.getClassLoader();
        try (InputStream bytes = loader == null ? null : loader.getResourceAsStream(file)) {
            if (bytes == null) {
                return null;
            }
            Look look = new Look(Type.getInternalName(type), called);
            new ClassReader(bytes).accept(look, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
            return look.hasOthers ? null : look.caller;
        } catch (IOException | IllegalArgumentException unreadable) {
            return null; // made at run time, or newer than this reader: nobody can tell
        }
    }

    private static final class Look extends ClassVisitor {
        private final String owner;
        private final Method called;
        private final String descriptor;
        private boolean hasOthers;
        private @Nullable String caller;

        Look(String owner, Method called) {
            super(SpringAsmInfo.ASM_VERSION);
            this.owner = owner;
            this.called = called;
            this.descriptor = Type.getMethodDescriptor(called);
        }

        private void yields(Type type) {
            Type element = type.getSort() == Type.ARRAY ? type.getElementType() : type;
            hasOthers |= element.getSort() == Type.OBJECT
                    && element.getInternalName().equals(owner);
        }

        @Override
        public @Nullable FieldVisitor visitField(
                int access, String name, String type, @Nullable String signature, @Nullable Object value) {
            yields(Type.getType(type));
            return null;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String type, @Nullable String signature, String @Nullable [] exceptions) {
            for (Type parameter : Type.getArgumentTypes(type)) {
                yields(parameter);
            }
            return new MethodVisitor(SpringAsmInfo.ASM_VERSION) {
                @Override
                public void visitTypeInsn(int opcode, String made) {
                    yields(Type.getObjectType(made));
                }

                @Override
                public void visitFieldInsn(int opcode, String of, String field, String fieldType) {
                    yields(Type.getType(fieldType));
                }

                @Override
                public void visitMethodInsn(
                        int opcode, String of, String method, String methodType, boolean isInterface) {
                    yields(Type.getReturnType(methodType));
                    note(of, method, methodType, opcode != Opcodes.INVOKESTATIC);
                }

                @Override
                public void visitInvokeDynamicInsn(
                        String made, String madeType, Handle bootstrap, Object... arguments) {
                    boolean isBound = Type.getArgumentTypes(madeType).length > 0; // this::find, not Owner::find
                    for (Object argument : arguments) {
                        if (isBound && argument instanceof Handle handle) {
                            note(handle.getOwner(), handle.getName(), handle.getDesc(), true);
                        }
                    }
                }

                private void note(String of, String method, String methodType, boolean onObject) {
                    if (onObject
                            && of.equals(owner)
                            && method.equals(called.getName())
                            && methodType.equals(descriptor)
                            && !name.equals(method)
                            && caller == null) {
                        caller = name.replaceFirst("^lambda\\$(.*)\\$\\d+$", "$1");
                    }
                }
            };
        }
    }
}
