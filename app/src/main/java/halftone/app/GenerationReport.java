package halftone.app;

import halftone.runtime.Generation;
import java.nio.file.Path;
import java.util.Locale;

/// What was written, and how fast.
///
/// @param arithmetic how it was computed
/// @param cache how keys and values were kept
record GenerationReport(
    Path model, Author.Work work, String arithmetic, String cache, long cacheBytes) {
  /// For people, in a line.
  String line() {
    Generation.Result result = work.result();
    return String.format(
        Locale.ROOT,
        "%d prompt tokens in %.2f s (%.1f a second), %d written%s as %s, %s cache of %,d bytes%s",
        work.read(),
        result.prompt().toNanos() / 1e9,
        work.readingSpeed(),
        result.tokens().size(),
        speed(result),
        arithmetic,
        cache,
        cacheBytes,
        result.reason() == Generation.Reason.CONTEXT ? "; the context is full" : "");
  }

  /// Of one token there is none.
  private static String speed(Generation.Result result) {
    return result.tokens().size() < 2
        ? ""
        : String.format(Locale.ROOT, " at %.1f a second", result.speed());
  }

  /// For programs.
  Json json() {
    Generation.Result result = work.result();
    return new Json()
        .put("model", model.toString())
        .put("arithmetic", arithmetic)
        .put("prompt_tokens", work.prompt())
        .put("tokens", result.tokens())
        .put("text", result.text())
        .put("reason", result.reason().name().toLowerCase(Locale.ROOT))
        .put(
            "timings",
            new Json()
                .put("prompt_seconds", result.prompt().toNanos() / 1e9)
                .put("prompt_tokens_per_second", work.readingSpeed())
                .put("writing_seconds", result.writing().toNanos() / 1e9)
                .put("tokens_per_second", result.speed()))
        .put("cache", new Json().put("format", cache).put("bytes", cacheBytes));
  }
}
