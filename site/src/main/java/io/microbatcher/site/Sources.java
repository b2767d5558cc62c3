package io.microbatcher.site;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Types;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The published sources as the compiler sees them: types, methods and their comments. */
final class Sources {
    private final JavacTask task;
    final DocTrees comments;
    final Types types;

    /**
     * Reads them.
     *
     * @param files Java files, all in the unnamed module; what they need beyond each other may be missing
     */
    Sources(List<Path> files) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalStateException("this Java has no compiler; a JDK is needed");
        }
        StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
        this.task = (JavacTask) compiler.getTask(
                null,
                manager,
                new DiagnosticCollector<JavaFileObject>(),
                List.of("-proc:none", "-classpath", System.getProperty("java.class.path")),
                null,
                manager.getJavaFileObjectsFromPaths(files));
        task.parse();
        task.analyze();
        this.comments = DocTrees.instance(task);
        this.types = task.getTypes();
    }

    TypeElement type(String name) {
        TypeElement type = task.getElements().getTypeElement(name);
        if (type == null) {
            throw new IllegalArgumentException("no type " + name + " is published");
        }
        return type;
    }

    /** The public methods of a type that return that type: what configures it. */
    List<ExecutableElement> options(TypeElement type) {
        return ElementFilter.methodsIn(type.getEnclosedElements()).stream()
                .filter(method -> method.getModifiers().contains(Modifier.PUBLIC))
                .filter(method -> types.isSameType(types.erasure(method.getReturnType()), types.erasure(type.asType())))
                .toList();
    }

    /** Whether an element is declared in the sources that were read. */
    boolean isOurs(Element element) {
        return comments.getPath(element) != null;
    }

    String packageOf(TypeElement type) {
        return task.getElements().getPackageOf(type).getQualifiedName().toString();
    }

    Optional<DocCommentTree> comment(ExecutableElement method) {
        return Optional.ofNullable(comments.getDocCommentTree(method));
    }

    /** The type as a reader writes it: without packages and annotations. */
    static String simple(TypeMirror type) {
        return type.toString()
                .replaceAll("@[\\w.]+\\s*", "")
                .replaceAll("\\b[a-z_]\\w*\\.", "")
                .replace(",", ", ");
    }
}
