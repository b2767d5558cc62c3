package io.microbatcher.site;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;

/** Turns Markdown into pages, with anchors as code hosts make them, so that a link works in both places. */
final class Markdown {
    private final Parser parser =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();

    /**
     * Makes a page.
     *
     * @param path where it goes
     * @param source the Markdown; begins with its title
     * @param links turns a link as it is written into one from the page
     */
    Page page(String path, String source, UnaryOperator<String> links) {
        Node document = parser.parse(source);
        Map<Heading, String> anchors = anchors(document);
        String title = "";
        List<Page.Section> sections = new ArrayList<>();
        for (Node node = document.getFirstChild(); node != null; node = node.getNext()) {
            if (node instanceof Heading heading) {
                String text = text(heading);
                if (heading.getLevel() == 1 && title.isEmpty()) {
                    title = text;
                } else if (heading.getLevel() == 2) {
                    sections.add(new Page.Section(anchors.getOrDefault(heading, ""), text));
                }
            }
        }
        if (title.isEmpty()) {
            throw new IllegalArgumentException("a page needs a title, '# …', but " + path + " has none");
        }
        document.accept(new LinkChanger(links));
        HtmlRenderer renderer = HtmlRenderer.builder()
                .extensions(List.of(TablesExtension.create()))
                .attributeProviderFactory(context -> (node, tag, attributes) -> {
                    if (node instanceof Heading heading) {
                        attributes.put("id", anchors.getOrDefault(heading, ""));
                    } else if (node instanceof Image) {
                        attributes.put("loading", "eager");
                    }
                })
                .nodeRendererFactory(CodeRenderer::new)
                .build();
        return new Page(path, title, scrollable(renderer.render(document)), sections);
    }

    /** A wide table scrolls by itself, not the page. */
    static String scrollable(String html) {
        return html.replace("<table>", "<div class=\"table\" tabindex=\"0\"><table>")
                .replace("</table>", "</table></div>");
    }

    private static Map<Heading, String> anchors(Node document) {
        Map<Heading, String> anchors = new HashMap<>();
        Map<String, Integer> taken = new HashMap<>();
        document.accept(new AbstractVisitor() {
            @Override
            public void visit(Heading heading) {
                String anchor = anchor(text(heading));
                int before = taken.merge(anchor, 1, Integer::sum) - 1;
                anchors.put(heading, before == 0 ? anchor : anchor + "-" + before);
            }
        });
        return anchors;
    }

    /** Small letters, nothing but letters, digits, - and _, and - for each blank. */
    static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    private static String text(Node parent) {
        StringBuilder text = new StringBuilder();
        parent.accept(new AbstractVisitor() {
            @Override
            public void visit(Text node) {
                text.append(node.getLiteral());
            }

            @Override
            public void visit(Code node) {
                text.append(node.getLiteral());
            }

            @Override
            public void visit(SoftLineBreak node) {
                text.append(' ');
            }
        });
        return text.toString();
    }

    private static final class LinkChanger extends AbstractVisitor {
        private final UnaryOperator<String> links;

        LinkChanger(UnaryOperator<String> links) {
            this.links = links;
        }

        @Override
        public void visit(Link link) {
            link.setDestination(links.apply(link.getDestination()));
            visitChildren(link);
        }

        @Override
        public void visit(Image image) {
            image.setDestination(links.apply(image.getDestination()));
            visitChildren(image);
        }
    }

    private static final class CodeRenderer implements NodeRenderer {
        private final HtmlNodeRendererContext context;

        CodeRenderer(HtmlNodeRendererContext context) {
            this.context = context;
        }

        @Override
        public Set<Class<? extends Node>> getNodeTypes() {
            return Set.of(FencedCodeBlock.class);
        }

        @Override
        public void render(Node node) {
            FencedCodeBlock block = (FencedCodeBlock) node;
            String code = block.getLiteral();
            String html = "java".equals(block.getInfo()) ? JavaCode.html(code) : Html.escape(code);
            context.getWriter().line();
            context.getWriter().raw("<pre tabindex=\"0\"><code>" + html + "</code></pre>");
            context.getWriter().line();
        }
    }
}
