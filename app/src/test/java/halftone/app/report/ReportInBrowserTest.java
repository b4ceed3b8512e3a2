package halftone.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.grack.nanojson.JsonArray;
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
import java.util.List;
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
  private static final String CELLS = CurveOracle.CELLS;

  private final List<String> troubles = new ArrayList<>();
  private Chromium chromium;
  private BrowserContext context;
  private Path quantized;
  private Path evaluated;
  private Path several;
  private Path compared;

  @BeforeAll
  void startsTheBrowser(@TempDir Path folder) throws IOException {
    quantized = folder.resolve("quantized.html");
    evaluated = folder.resolve("evaluated.html");
    several = folder.resolve("several.html");
    HtmlReport.write(quantized, List.of(OUTCOME), List.of("--text", "my text.txt"));
    HtmlReport.write(
        several, List.of(SampleOutcomes.unmeasured(), SampleOutcomes.rivalShipped()), List.of());
    EvaluationHtml.write(evaluated, SampleOutcomes.evaluated(), SampleOutcomes.quality(0.0312));
    compared = folder.resolve("compared.html");
    ArenaHtml.write(compared, Path.of("model<1>.gguf"), SampleOutcomes.boards());
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
      for (Path file : List.of(quantized, evaluated, several, compared)) {
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
    CurveOracle oracle = new CurveOracle(JsonParser.object().from(OutcomeJson.text(OUTCOME)));
    Locator slider = page.locator(".size");
    assertThat(slider.getAttribute("aria-valuetext")).contains("65.81 MB").endsWith("this file");
    assertThat(page.locator(CELLS).allTextContents()).isEqualTo(oracle.cells(-1));
    JsonArray curve = oracle.curve();
    int above = 0;
    while (curve.getObject(above).getLong("bytes") < OUTCOME.bytes()) {
      above++;
    }
    int end = ShownCurve.of(OUTCOME).points().size() - 1;
    slider.press("ArrowRight");
    oracle.require(page, above);
    slider.press("ArrowRight");
    oracle.require(page, above + 1);
    slider.press("Home");
    oracle.require(page, 0);
    slider.press("End");
    oracle.require(page, end);
    slider.press("ArrowLeft");
    oracle.require(page, end - 1);
    page.getByText("Back to this file").click();
    assertThat(page.locator(CELLS).allTextContents()).isEqualTo(oracle.cells(-1));
    slider.press("ArrowLeft");
    oracle.require(page, above - 1);
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
      double share = share(page);
      assertThat(share).isCloseTo(0.6, within(0.02));
      assertThat(cursor.x + cursor.width / 2)
          .isCloseTo(track.x + thumb / 2 + share * (track.width - thumb), within(1.5));
      Locator chart = page.locator("svg.chart >> visible=true");
      chart.click(new Locator.ClickOptions().setPosition(chart.boundingBox().width / 2, 100));
      assertThat(share(page)).isBetween(0.4, 0.55);
    }
  }

  /// Where the slider stands between its ends.
  private static double share(Page page) {
    Object share = page.locator(".size").evaluate("s => (s.value - s.min) / (s.max - s.min)");
    return ((Number) share).doubleValue();
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
