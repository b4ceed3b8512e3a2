package halftone.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import halftone.recipe.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// The pages in a real browser. What goes wrong in its console, or leaves the page, fails every
/// test.
@TestInstance(Lifecycle.PER_CLASS)
class ReportInBrowserTest {
  private static final Outcome OUTCOME = SampleOutcomes.shipped();
  private static final String CELLS = ".cell[data-tensor]";

  private final List<String> troubles = new ArrayList<>();
  private Chromium chromium;
  private BrowserContext context;
  private Path quantized;
  private Path evaluated;
  private Path several;

  @BeforeAll
  void startsTheBrowser(@TempDir Path folder) throws IOException {
    quantized = folder.resolve("quantized.html");
    evaluated = folder.resolve("evaluated.html");
    several = folder.resolve("several.html");
    HtmlReport.write(quantized, List.of(OUTCOME), List.of("--text", "my text.txt"));
    HtmlReport.write(
        several, List.of(SampleOutcomes.unmeasured(), SampleOutcomes.rivalShipped()), List.of());
    EvaluationHtml.write(evaluated, SampleOutcomes.evaluated(), SampleOutcomes.quality(0.0312));
    chromium = Chromium.find().map(Chromium::start).orElse(null);
  }

  @BeforeEach
  void needsABrowser() {
    assumeTrue(
        chromium != null, "no chromium on the path, and none named with -Dhalftone.chromium=");
  }

  @AfterAll
  void stopsTheBrowser() {
    if (chromium != null) {
      chromium.close();
    }
  }

  @AfterEach
  void nothingWentWrongInThePage() {
    if (context != null) {
      context.close();
      context = null;
    }
    List<String> found = List.copyOf(troubles);
    troubles.clear();
    assertThat(found).isEmpty();
  }

  private Page open(Path file, Browser.NewContextOptions options) {
    if (context != null) {
      context.close();
    }
    context = chromium.browser().newContext(options);
    context.setDefaultTimeout(5_000);
    Page page = context.newPage();
    page.onConsoleMessage(message -> troubles.add(message.type() + ": " + message.text()));
    page.onPageError(troubles::add);
    page.onRequest(
        request -> {
          if (!request.url().equals(file.toUri().toString())) {
            troubles.add("asks for " + request.url());
          }
        });
    page.navigate(file.toUri().toString());
    return page;
  }

  private Page open(Path file) {
    return open(file, screen(1600, ColorScheme.LIGHT));
  }

  private static Browser.NewContextOptions screen(int width, ColorScheme scheme) {
    return new Browser.NewContextOptions().setViewportSize(width, 900).setColorScheme(scheme);
  }

  @Test
  void isReadableOnEveryScreenInLightAndDark() throws IOException {
    String audit;
    try (InputStream file = getClass().getResourceAsStream("audit.js")) {
      audit = new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      for (Path file : List.of(quantized, evaluated, several)) {
        Page page = open(file, screen(1600, scheme));
        for (int width : new int[] {1600, 900, 400}) {
          page.setViewportSize(width, 900);
          assertThat((List<?>) page.evaluate(audit)).as("%s %s %d", file, scheme, width).isEmpty();
        }
        Locator cells = page.locator(CELLS);
        if (cells.count() > 0) {
          page.locator(".size").first().press("End");
          cells.first().click();
          assertThat((List<?>) page.evaluate(audit)).as("%s %s, details", file, scheme).isEmpty();
        }
      }
    }
  }

  @Test
  void everyStopOfTheSliderShowsItsPointOfTheCurve() throws Exception {
    Page page = open(quantized);
    JsonObject json = JsonParser.object().from(OutcomeJson.text(OUTCOME));
    Locator slider = page.locator(".size");
    assertThat(slider.getAttribute("aria-valuetext")).contains("65.81 MB").endsWith("this file");
    assertThat(page.locator(CELLS).allTextContents()).isEqualTo(cellsOf(json, -1));
    JsonArray curve = json.getArray("curve");
    int above = 0;
    while (curve.getObject(above).getLong("bytes") < OUTCOME.bytes()) {
      above++;
    }
    slider.press("ArrowRight");
    requirePoint(page, json, above);
    slider.press("ArrowRight");
    requirePoint(page, json, above + 1);
    slider.press("Home");
    requirePoint(page, json, 0);
    slider.press("End");
    requirePoint(page, json, curve.size() - 1);
    slider.press("ArrowLeft");
    requirePoint(page, json, curve.size() - 2);
    page.getByText("Back to this file").click();
    assertThat(page.locator(CELLS).allTextContents()).isEqualTo(cellsOf(json, -1));
    slider.press("ArrowLeft");
    requirePoint(page, json, above - 1);
  }

  private static void requirePoint(Page page, JsonObject json, int index) {
    JsonObject point = json.getArray("curve").getObject(index);
    String size = Figures.bytes(point.getLong("bytes"));
    assertThat(page.locator("[data-value=bytes]").textContent()).isEqualTo(size);
    assertThat(page.locator("[data-value=bits]").textContent())
        .isEqualTo(Figures.number(point.getDouble("bits_per_weight")));
    assertThat(page.locator("[data-value=loss]").textContent())
        .isEqualTo(Figures.number(point.getDouble("loss")) + " nats");
    assertThat(page.locator(".size").getAttribute("aria-valuetext")).startsWith(size);
    assertThat(page.locator(".command code").textContent())
        .isEqualTo(
            "halftone quantize models/smollm2-135m-f16.gguf --size %d --text 'my text.txt'"
                .formatted(point.getLong("bytes")));
    List<String> cells = cellsOf(json, index);
    assertThat(page.locator(CELLS).allTextContents()).isEqualTo(cells);
    List<String> table =
        page.locator("section.tensors tbody tr td:nth-child(3)").allTextContents().stream()
            .sorted()
            .toList();
    assertThat(table).isEqualTo(cells.stream().sorted().toList());
    requireTable(page, json, index);
  }

  /// Sizes and losses in the table of all tensors, whose losses add up to the point's.
  private static void requireTable(Page page, JsonObject json, int index) {
    Map<Integer, JsonObject> chosen = chosen(json, index);
    double loss =
        chosen.values().stream().mapToDouble(alternative -> alternative.getDouble("loss")).sum();
    assertThat(json.getArray("curve").getObject(index).getDouble("loss"))
        .isCloseTo(loss, within(1e-9));
    List<String> sizes = page.locator("section.tensors tbody tr td:nth-child(4)").allTextContents();
    List<String> losses =
        page.locator("section.tensors tbody tr td:nth-child(5)").allTextContents();
    chosen.forEach(
        (tensor, alternative) -> {
          assertThat(sizes.get(tensor)).isEqualTo(Figures.bytes(alternative.getLong("bytes")));
          assertThat(losses.get(tensor)).isEqualTo(Figures.number(alternative.getDouble("loss")));
        });
  }

  private static Map<Integer, JsonObject> chosen(JsonObject json, int index) {
    Map<Integer, JsonObject> chosen = new HashMap<>();
    for (int point = 0; point <= index; point++) {
      JsonArray changes = json.getArray("curve").getObject(point).getArray("changes");
      for (int i = 0; i < changes.size(); i++) {
        int tensor = changes.getArray(i).getInt(0);
        chosen.put(
            tensor,
            json.getArray("tensors")
                .getObject(tensor)
                .getArray("alternatives")
                .getObject(changes.getArray(i).getInt(1)));
      }
    }
    return chosen;
  }

  /// Formats in the order of the cells: those outside the blocks first, then in file order.
  ///
  /// @param index of a point, −1 for the file itself
  private static List<String> cellsOf(JsonObject json, int index) {
    Map<Integer, JsonObject> chosen = chosen(json, index);
    List<String> outside = new ArrayList<>();
    List<String> inside = new ArrayList<>();
    JsonArray tensors = json.getArray("tensors");
    for (int i = 0; i < tensors.size(); i++) {
      JsonObject format = chosen.getOrDefault(i, tensors.getObject(i));
      boolean block = tensors.getObject(i).getString("name").startsWith("blk.");
      (block ? inside : outside).add(format.getString("format"));
    }
    outside.addAll(inside);
    return outside;
  }

  @Test
  void theCursorStandsAboveTheThumb() {
    for (int width : new int[] {1600, 400}) {
      Page page = open(quantized, screen(width, ColorScheme.LIGHT));
      page.locator(".bar").scrollIntoViewIfNeeded();
      BoundingBox track = page.locator(".size").boundingBox();
      double thumb = 24;
      page.mouse().click(track.x + 0.6 * track.width, track.y + track.height / 2);
      BoundingBox cursor = page.locator("svg.chart .cursor circle >> visible=true").boundingBox();
      double share =
          ((Number) page.locator(".size").evaluate("s => (s.value - s.min) / (s.max - s.min)"))
              .doubleValue();
      assertThat(share).isCloseTo(0.6, within(0.02));
      assertThat(cursor.x + cursor.width / 2)
          .isCloseTo(track.x + thumb / 2 + share * (track.width - thumb), within(1.5));
      Locator chart = page.locator("svg.chart >> visible=true");
      chart.click(new Locator.ClickOptions().setPosition(chart.boundingBox().width / 2, 100));
      assertThat(
              (Boolean) page.locator(".size").evaluate("s => s.value < 1.1e8 && s.value > 8.5e7"))
          .isTrue();
    }
  }

  @Test
  void theCommandIsCopied() {
    Page page = open(quantized);
    context.grantPermissions(List.of("clipboard-read", "clipboard-write"));
    page.locator(".size").press("PageUp");
    page.getByText("Copy command").click();
    page.getByText("Copied.").waitFor();
    assertThat(page.evaluate("navigator.clipboard.readText()"))
        .isEqualTo(page.locator(".command code").textContent());
  }

  @Test
  void everyStopOfTheTabKeyIsSeenAndInOrder() {
    Page page = open(quantized);
    page.keyboard().press("Tab");
    assertThat(focused(page, "e => e.textContent")).isEqualTo("Skip to the content");
    assertThat(page.locator(".skip").boundingBox().y).isNotNegative();
    page.evaluate("window.stops = []");
    for (int stop = 0; stop < 40 && !focused(page, "e => e.tagName").equals("BODY"); stop++) {
      assertThat((Boolean) focused(page, "e => e.matches(':focus-visible')")).isTrue();
      assertThat((String) focused(page, "e => getComputedStyle(e).outline"))
          .contains("solid", "3px");
      assertThat(
              (Boolean)
                  focused(
                      page,
                      "e => !window.stops.length || !!(stops.at(-1)"
                          + ".compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING)"))
          .isTrue();
      focused(page, "e => stops.push(e)");
      page.keyboard().press("Tab");
    }
    assertThat(page.evaluate("stops.filter(e => e.matches('.map .cell')).length")).isEqualTo(1);
    assertThat(page.evaluate("stops.filter(e => e.matches('.size, .copy, code')).length"))
        .isEqualTo(3);
    assertThat(page.evaluate("stops.length")).isEqualTo(22);
  }

  private static Object focused(Page page, String function) {
    return page.evaluate("(" + function + ")(document.activeElement)");
  }

  @Test
  void theSkipLinkLeadsToTheContent() {
    Page page = open(quantized);
    page.keyboard().press("Tab");
    page.keyboard().press("Enter");
    assertThat(focused(page, "e => e.id")).isEqualTo("content");
  }

  @Test
  void arrowsMoveInTheMapAndEnterOpensTheDetails() {
    Page page = open(quantized);
    page.locator("button[aria-label^='blk.0.attn_norm']").focus();
    page.keyboard().press("ArrowRight");
    page.keyboard().press("ArrowDown");
    page.keyboard().press("ArrowDown");
    String name = "blk.2.ffn_down.weight";
    assertThat((String) focused(page, "e => e.getAttribute('aria-label')")).startsWith(name);
    page.keyboard().press("Enter");
    Locator details = page.locator(".details:popover-open");
    assertThat(details.count()).isEqualTo(1);
    assertThat(details.getAttribute("aria-label")).isEqualTo(name);
    page.keyboard().press("Escape");
    assertThat(details.count()).isZero();
    assertThat((String) focused(page, "e => e.getAttribute('aria-label')")).startsWith(name);
    page.keyboard().press("End");
    assertThat((String) focused(page, "e => e.getAttribute('aria-label')"))
        .startsWith("blk.2.attn_v.weight");
  }

  @Test
  void withoutScriptsTheChartStaysAndTheSliderDoesNotShow() {
    Page page = open(quantized, screen(400, ColorScheme.LIGHT).setJavaScriptEnabled(false));
    assertThat(page.locator("svg.chart >> visible=true").count()).isEqualTo(1);
    assertThat(page.locator(".size, .command").first().isVisible()).isFalse();
    assertThat(page.locator("noscript p").isVisible()).isTrue();
    page.locator(CELLS).first().click();
    assertThat(page.locator(".details:popover-open").textContent()).contains("token_embd.weight");
  }

  @Test
  void fitsOnPaper() {
    Page page = open(quantized, screen(680, ColorScheme.LIGHT));
    page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
    assertThat(page.locator(".size").isVisible()).isFalse();
    assertThat(page.locator(".copy").isVisible()).isFalse();
    assertThat(page.locator("[data-value=bytes]").isVisible()).isTrue();
    assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(680);
    byte[] paper = page.pdf(new Page.PdfOptions().setFormat("A4"));
    assertThat(new String(paper, 0, 5, StandardCharsets.US_ASCII)).isEqualTo("%PDF-");
  }
}
