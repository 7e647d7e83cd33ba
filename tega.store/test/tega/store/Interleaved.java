package tega.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Classes of this package once more, such that their threads can be taken apart: before each use of a field that changes, of an
 * atomic and of a lock another thread may go on, and locks, parking and waiting are the {@link Interleaver}'s.
 */
final class Interleaved extends ClassLoader {
    private static final String PACKAGE = "tega.store.";
    private static final String INTERLEAVER = Interleaver.class.getName().replace('.', '/');

    /** What both sides must know by the same class. */
    private static final Set<String> SHARED = Set.of(Interleaver.class.getName(), Interleaving.class.getName());

    private final Map<String, Boolean> changing = new HashMap<>();
    private final Set<String> stepped;

    /** With points in the classes of these simple names; locks are the interleaver's in all. */
    Interleaved(Set<String> stepped) {
        super(Interleaved.class.getClassLoader());
        this.stepped = stepped;
    }

    private boolean isStepped(String internalName) {
        var simple = internalName.substring(internalName.lastIndexOf('/') + 1);
        var top = simple.indexOf('$') < 0 ? simple : simple.substring(0, simple.indexOf('$'));
        return stepped.contains(simple) || stepped.contains(top);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(PACKAGE) || SHARED.contains(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            var known = findLoadedClass(name);
            return known == null ? define(name) : known;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        var reader = reader(name.replace('.', '/'));
        if (reader == null) {
            throw new ClassNotFoundException(name);
        }
        var writer = new ClassWriter(reader, ClassWriter.COMPUTE_FRAMES);
        reader.accept(new Rewriting(writer), 0);
        var bytes = writer.toByteArray();
        return defineClass(name, bytes, 0, bytes.length);
    }

    private static @Nullable ClassReader reader(String internalName) {
        try (var bytes = Interleaved.class.getClassLoader().getResourceAsStream(internalName + ".class")) {
            return bytes == null ? null : new ClassReader(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a field of this package can change after its object was made. */
    private boolean isChanging(String owner, String name) {
        if (!owner.startsWith(PACKAGE.replace('.', '/')) || !isStepped(owner)) {
            return false;
        }
        if (!changing.containsKey(owner + "." + name)) {
            var reader = reader(owner);
            if (reader != null) {
                reader.accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public @Nullable FieldVisitor visitField(
                                    int access, String field, String type, @Nullable String signature, Object value) {
                                changing.put(owner + "." + field, (access & Opcodes.ACC_FINAL) == 0);
                                return null;
                            }
                        },
                        ClassReader.SKIP_CODE);
            }
        }
        return changing.getOrDefault(owner + "." + name, false);
    }

    private final class Rewriting extends ClassVisitor {
        private String name = "";

        Rewriting(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visit(
                int version, int access, String newName, String signature, String superName, String[] interfaces) {
            name = newName;
            super.visit(version, access, newName, signature, superName, interfaces);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String method, String type, String signature, String[] exceptions) {
            if ((access & Opcodes.ACC_SYNCHRONIZED) == 0) {
                return new Stepping(super.visitMethod(access, method, type, signature, exceptions), isStepped(name));
            }
            var bare = access & ~Opcodes.ACC_SYNCHRONIZED;
            var held = method + "$held";
            holding(super.visitMethod(bare, method, type, signature, exceptions), bare, held, type);
            return new Stepping(super.visitMethod(bare, held, type, null, exceptions), isStepped(name));
        }

        /** A synchronized method: enters, calls what was its body, and leaves however that ends. */
        private void holding(MethodVisitor to, int access, String held, String type) {
            var isStatic = (access & Opcodes.ACC_STATIC) != 0;
            var begin = new Label();
            var end = new Label();
            var handler = new Label();
            to.visitCode();
            to.visitTryCatchBlock(begin, end, handler, null);
            lock(to, isStatic, "enter");
            to.visitLabel(begin);
            var slot = 0;
            if (!isStatic) {
                to.visitVarInsn(Opcodes.ALOAD, slot++);
            }
            for (var argument : Type.getArgumentTypes(type)) {
                to.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), slot);
                slot += argument.getSize();
            }
            to.visitMethodInsn(isStatic ? Opcodes.INVOKESTATIC : Opcodes.INVOKESPECIAL, name, held, type, false);
            to.visitLabel(end);
            lock(to, isStatic, "exit");
            to.visitInsn(Type.getReturnType(type).getOpcode(Opcodes.IRETURN));
            to.visitLabel(handler);
            lock(to, isStatic, "exit");
            to.visitInsn(Opcodes.ATHROW);
            to.visitMaxs(0, 0);
            to.visitEnd();
        }

        private void lock(MethodVisitor to, boolean isStatic, String what) {
            if (isStatic) {
                to.visitLdcInsn(Type.getObjectType(name));
            } else {
                to.visitVarInsn(Opcodes.ALOAD, 0);
            }
            to.visitMethodInsn(Opcodes.INVOKESTATIC, INTERLEAVER, what, "(Ljava/lang/Object;)V", false);
        }
    }

    private final class Stepping extends MethodVisitor {
        private final boolean hasPoints;

        Stepping(MethodVisitor next, boolean hasPoints) {
            super(Opcodes.ASM9, next);
            this.hasPoints = hasPoints;
        }

        private void call(String what, String type) {
            super.visitMethodInsn(Opcodes.INVOKESTATIC, INTERLEAVER, what, type, false);
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String field, String type) {
            if (isChanging(owner, field)) {
                call("point", "()V");
            }
            super.visitFieldInsn(opcode, owner, field, type);
        }

        @Override
        public void visitInsn(int opcode) {
            switch (opcode) {
                case Opcodes.MONITORENTER -> call("enter", "(Ljava/lang/Object;)V");
                case Opcodes.MONITOREXIT -> call("exit", "(Ljava/lang/Object;)V");
                default -> super.visitInsn(opcode);
            }
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String method, String type, boolean isInterface) {
            if (owner.equals("java/util/concurrent/locks/LockSupport")) {
                call(method, type);
            } else if (owner.equals("java/lang/Object") && method.equals("wait") && type.equals("()V")) {
                call("await", "(Ljava/lang/Object;)V");
            } else if (owner.equals("java/lang/Object") && method.startsWith("notify")) {
                call(method.equals("notify") ? "signal" : "signalAll", "(Ljava/lang/Object;)V");
            } else {
                if (hasPoints && owner.startsWith("java/util/concurrent/")) {
                    call("point", "()V");
                }
                super.visitMethodInsn(opcode, owner, method, type, isInterface);
            }
        }
    }
}
