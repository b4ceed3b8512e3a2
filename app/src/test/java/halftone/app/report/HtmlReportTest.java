package halftone.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import halftone.recipe.Outcome;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
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
      assertThat(
              parse(HtmlReport.page(List.of(outcome), List.of())).getDocumentElement().getTagName())
          .isEqualTo("html");
    }
  }

  @Test
  void everyTensorIsACellAndARow() throws Exception {
    Document page = parse(HtmlReport.page(List.of(SampleOutcomes.shipped()), List.of()));
    List<String> cells = new ArrayList<>();
    List<String> rows = new ArrayList<>();
    for (Element button : cells(page)) {
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
    Document page = parse(HtmlReport.page(EVERY_CASE, List.of()));
    Set<String> ids = new HashSet<>();
    for (Element element : elements(page, "*")) {
      if (element.hasAttribute("id")) {
        assertThat(ids.add(element.getAttribute("id"))).isTrue();
      }
    }
    for (Element button : elements(page, "button")) {
      if (Set.of("copy", "back").contains(button.getAttribute("class"))) {
        continue;
      }
      assertThat(ids).contains(button.getAttribute("popovertarget"));
    }
    for (Element drawing : elements(page, "svg")) {
      assertThat(ids).contains(drawing.getAttribute("aria-labelledby"));
    }
  }

  @Test
  void namesAreEscaped() {
    String page = HtmlReport.page(EVERY_CASE, List.of());
    assertThat(page)
        .doesNotContain(SampleOutcomes.HOSTILE, "<b>", "model<1>", "because <")
        .contains("odd &lt;&amp;&quot;&gt; 'name'");
  }

  @Test
  void loadsNothing() {
    assertThat(HtmlReport.page(EVERY_CASE, List.of()))
        .doesNotContain("http://", "https://", "src=", "@import", "url(", "fetch(");
  }

  /// Else the policy would keep it from running.
  @Test
  void theOneScriptIsNamedByItsHash() throws Exception {
    String page = HtmlReport.page(EVERY_CASE, List.of());
    String script = page.substring(page.indexOf("<script>") + 8, page.lastIndexOf("</script>"));
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
    assertThat(page)
        .contains("script-src 'sha256-" + Base64.getEncoder().encodeToString(digest) + "'")
        .containsOnlyOnce("<script>");
    assertThat(script).doesNotContain("</script", "${");
  }

  @Test
  void theDataOfTheSliderAreThoseOfTheOutcome() throws Exception {
    Outcome outcome = SampleOutcomes.shipped();
    Document page = parse(HtmlReport.page(List.of(outcome), List.of("--text", "it's <1>.txt")));
    Element script =
        elements(page, "script").stream()
            .filter(each -> each.getAttribute("id").equals("f0-data"))
            .findFirst()
            .orElseThrow();
    JsonObject data = JsonParser.object().from(script.getTextContent());
    assertThat(data.getString("before"))
        .isEqualTo("halftone quantize models/smollm2-135m-f16.gguf --size ");
    assertThat(data.getString("after")).isEqualTo(" --text 'it'\\''s <1>.txt'");
    assertThat(data.getArray("points")).hasSize(outcome.curve().size());
    JsonArray last = data.getArray("points").getArray(outcome.curve().size() - 1);
    assertThat(last.getLong(0)).isEqualTo(outcome.curve().getLast().bytes());
    assertThat(last.getDouble(1)).isEqualTo(outcome.curve().getLast().loss());
  }

  @Test
  void aCurveOfUnknownLossesHasNoSlider() throws Exception {
    Document page = parse(HtmlReport.page(List.of(SampleOutcomes.unmeasured()), List.of()));
    assertThat(elements(page, "input")).isEmpty();
  }

  @Test
  void theStyleSheetReadsTheSameAsHtmlAndAsXml() throws Exception {
    String page = HtmlReport.page(EVERY_CASE, List.of());
    String style = page.substring(page.indexOf("<style>") + 7, page.indexOf("</style>"));
    assertThat(style).doesNotContain("&").contains("prefers-color-scheme: dark");
    assertThat(elements(parse(page), "style").getFirst().getTextContent()).isEqualTo(style);
  }

  @Test
  void saysWhatWasShippedAndWhy() {
    assertThat(HtmlReport.page(List.of(SampleOutcomes.shipped()), List.of()))
        .contains(
            "Better than every rival", "Shipped: halftone.", "19.8 % lower", "0.03120 ± 0.00052");
    assertThat(HtmlReport.page(List.of(SampleOutcomes.rivalShipped()), List.of()))
        .contains("Shipped: q3_k_m.", "never worse")
        .doesNotContain("Better than every rival");
    assertThat(HtmlReport.page(List.of(SampleOutcomes.undecided()), List.of()))
        .contains("cannot be told apart")
        .doesNotContain("Better than every rival");
    assertThat(HtmlReport.page(List.of(SampleOutcomes.unmeasured()), List.of()))
        .contains("no quality was measured")
        .doesNotContain("NaN");
  }

  @Test
  void refusesAnEmptyRunAndWritesAFile(@TempDir Path folder) throws Exception {
    assertThatThrownBy(() -> HtmlReport.page(List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    Path path = folder.resolve("report.html");
    HtmlReport.write(path, EVERY_CASE, List.of());
    assertThat(Files.readString(path)).isEqualTo(HtmlReport.page(EVERY_CASE, List.of()));
  }

  private static List<Element> cells(Document page) {
    return elements(page, "button").stream()
        .filter(button -> button.hasAttribute("data-tensor"))
        .toList();
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
