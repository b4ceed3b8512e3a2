package halftone.app.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;
import java.util.function.Consumer;

/// The frame of every page: one file that loads nothing, and whose one script is named by its hash,
/// so that nothing in the data can become another.
final class Page {
  private Page() {}

  /// @param content writes what stands in `main`
  static String of(String title, Consumer<Markup> content) {
    String script = resource("report.js");
    Markup page = new Markup();
    page.open("html", "lang", "en");
    head(page, title, script);
    page.open("body").element("a", "Skip to the content", "class", "skip", "href", "#content");
    page.open("main", "id", "content", "tabindex", "-1");
    content.accept(page);
    page.close();
    page.element(
        "footer",
        "Written by Halftone. Sizes in MB of 10⁶ bytes, losses in nats, ± one standard error.");
    return page.script(script).close().close().page();
  }

  private static void head(Markup page, String title, String script) {
    page.open("head").leaf("meta", "charset", "utf-8");
    page.leaf("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    page.leaf("meta", "name", "color-scheme", "content", "light dark");
    page.leaf(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-"
            + hash(Markup.scriptText(script))
            + "'");
    page.leaf("link", "rel", "icon", "href", "data:,");
    page.element("title", title + " · Halftone");
    page.element("style", resource("report.css")).close();
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (InputStream file = Objects.requireNonNull(Page.class.getResourceAsStream(name), name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
