package halftone.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.recipe.Outcome;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlReportTest {
  private static final List<Outcome> EVERY_CASE =
      List.of(
          SampleOutcomes.shipped(),
          SampleOutcomes.rivalShipped(),
          SampleOutcomes.undecided(),
          SampleOutcomes.unmeasured());

  @Test
  void isWellFormed() throws Exception {
    for (Outcome outcome : EVERY_CASE) {
      assertThat(parse(HtmlReport.page(List.of(outcome))).getDocumentElement().getTagName())
          .isEqualTo("html");
    }
  }

  @Test
  void everyTensorIsACellAndARow() throws Exception {
    Document page = parse(HtmlReport.page(List.of(SampleOutcomes.shipped())));
    List<String> cells = new ArrayList<>();
    List<String> rows = new ArrayList<>();
    for (Element button : elements(page, "button")) {
      cells.add(button.getAttribute("aria-label").replaceFirst(", .*", ""));
    }
    for (Element heading : elements(page, "th")) {
      rows.add(heading.getTextContent());
    }
    for (Outcome.TensorChoice tensor : SampleOutcomes.shipped().tensors()) {
      assertThat(cells).contains(tensor.name());
      assertThat(rows).contains(tensor.name());
    }
  }

  @Test
  void everyButtonOpensSomethingAndNoIdIsGivenTwice() throws Exception {
    Document page = parse(HtmlReport.page(EVERY_CASE));
    Set<String> ids = new HashSet<>();
    for (Element element : elements(page, "*")) {
      if (element.hasAttribute("id")) {
        assertThat(ids.add(element.getAttribute("id"))).isTrue();
      }
    }
    for (Element button : elements(page, "button")) {
      assertThat(ids).contains(button.getAttribute("popovertarget"));
    }
    for (Element drawing : elements(page, "svg")) {
      assertThat(ids).contains(drawing.getAttribute("aria-labelledby"));
    }
  }

  @Test
  void namesAreEscaped() {
    String page = HtmlReport.page(EVERY_CASE);
    assertThat(page)
        .doesNotContain(SampleOutcomes.HOSTILE, "<b>", "model<1>", "because <")
        .contains("odd &lt;&amp;&quot;&gt; 'name'");
  }

  @Test
  void loadsNothingAndRunsNothing() {
    assertThat(HtmlReport.page(EVERY_CASE))
        .doesNotContain("http://", "https://", "src=", "<script", "@import", "url(");
  }

  @Test
  void theStyleSheetReadsTheSameAsHtmlAndAsXml() throws Exception {
    String page = HtmlReport.page(EVERY_CASE);
    String style = page.substring(page.indexOf("<style>") + 7, page.indexOf("</style>"));
    assertThat(style).doesNotContain("&").contains("prefers-color-scheme: dark");
    assertThat(elements(parse(page), "style").getFirst().getTextContent()).isEqualTo(style);
  }

  @Test
  void saysWhatWasShippedAndWhy() {
    assertThat(HtmlReport.page(List.of(SampleOutcomes.shipped())))
        .contains(
            "Better than every rival", "Shipped: halftone.", "19.8 % lower", "0.03120 ± 0.00052");
    assertThat(HtmlReport.page(List.of(SampleOutcomes.rivalShipped())))
        .contains("Shipped: q3_k_m.", "never worse")
        .doesNotContain("Better than every rival");
    assertThat(HtmlReport.page(List.of(SampleOutcomes.undecided())))
        .contains("cannot be told apart")
        .doesNotContain("Better than every rival");
    assertThat(HtmlReport.page(List.of(SampleOutcomes.unmeasured())))
        .contains("no quality was measured")
        .doesNotContain("NaN");
  }

  @Test
  void refusesAnEmptyRunAndWritesAFile(@TempDir Path folder) throws Exception {
    assertThatThrownBy(() -> HtmlReport.page(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    Path path = folder.resolve("report.html");
    HtmlReport.write(path, EVERY_CASE);
    assertThat(Files.readString(path)).isEqualTo(HtmlReport.page(EVERY_CASE));
  }

  private static Document parse(String page) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(page)));
  }

  private static List<Element> elements(Document page, String tag) {
    NodeList nodes = page.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }
}
