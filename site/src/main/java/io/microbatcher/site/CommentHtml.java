package io.microbatcher.site;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EndElementTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.util.DocTreePath;
import com.sun.source.util.TreePath;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;

/** Turns a Javadoc comment into HTML whose links lead to the site's Javadoc. */
final class CommentHtml {
    private final Sources sources;
    private final Element owner;
    private final DocCommentTree comment;

    CommentHtml(Sources sources, Element owner, DocCommentTree comment) {
        this.sources = sources;
        this.owner = owner;
        this.comment = comment;
    }

    String of(List<? extends DocTree> parts) {
        return parts.stream()
                .map(this::of)
                .collect(Collectors.joining())
                .strip()
                .replaceAll("\\s+", " ");
    }

    private String of(DocTree part) {
        if (part instanceof TextTree text) {
            return Html.escape(text.getBody());
        } else if (part instanceof LiteralTree literal) {
            String text = literal.getBody().getBody();
            return literal.getKind() == DocTree.Kind.CODE ? Html.code(text) : Html.escape(text);
        } else if (part instanceof LinkTree link) {
            return link(link);
        } else if (part instanceof EntityTree entity) {
            return "&" + entity.getName() + ";";
        } else if (part instanceof StartElementTree start) {
            return "<" + start.getName() + ">";
        } else if (part instanceof EndElementTree end) {
            return "</" + end.getName() + ">";
        }
        throw new IllegalArgumentException("cannot show " + part + " in the comment of " + owner);
    }

    private String link(LinkTree link) {
        String signature = link.getReference().getSignature();
        String label =
                link.getLabel().isEmpty() ? signature.replaceFirst("^#", "").replace('#', '.') : "";
        String shown = label.isEmpty() ? of(link.getLabel()) : Html.escape(label);
        if (link.getKind() == DocTree.Kind.LINK) {
            shown = "<code>" + shown + "</code>";
        }
        String text = shown;
        return target(link)
                .map(place -> "<a href=\"" + place + "\">" + text + "</a>")
                .orElse(text);
    }

    private Optional<String> target(LinkTree link) {
        TreePath path = sources.comments.getPath(owner);
        DocTreePath reference = DocTreePath.getPath(path, comment, link.getReference());
        Element element = reference == null ? null : sources.comments.getElement(reference);
        return element == null || !sources.isOurs(element)
                ? Optional.empty()
                : visible(element).map(this::place);
    }

    /** What a reader may see: a name without parentheses may stand for a method, and the compiler finds a field. */
    private static Optional<Element> visible(Element element) {
        if (isVisible(element)) {
            return Optional.of(element);
        }
        return Objects.requireNonNull(element.getEnclosingElement()).getEnclosedElements().stream()
                .filter(other -> other.getSimpleName().equals(element.getSimpleName()))
                .filter(CommentHtml::isVisible)
                .map(Element.class::cast)
                .findFirst();
    }

    private static boolean isVisible(Element element) {
        return element.getModifiers().contains(Modifier.PUBLIC)
                || element.getModifiers().contains(Modifier.PROTECTED);
    }

    /** The place of an element in the Javadoc. */
    String place(Element element) {
        if (element instanceof TypeElement type) {
            String around = sources.packageOf(type);
            String name = type.getQualifiedName().toString().substring(around.length() + 1);
            return "api/" + around.replace('.', '/') + "/" + name + ".html";
        }
        String type = place(Objects.requireNonNull(element.getEnclosingElement()));
        if (element instanceof ExecutableElement method) {
            return type + "#" + method.getSimpleName()
                    + method.getParameters().stream()
                            .map(parameter ->
                                    sources.types.erasure(parameter.asType()).toString())
                            .collect(Collectors.joining(",", "(", ")"));
        }
        return type + "#" + element.getSimpleName();
    }
}
