package halftone.recipe;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the user asked for.
///
/// @param budgets one file is made for each
/// @param pins tensors whose format is fixed, first match wins
/// @param importance an importance-matrix file to use instead of gathering one, or null
/// @param threads workers to run on
public record Request(
    Path model,
    List<Target> targets,
    Effort effort,
    TextRequest texts,
    List<Pin> pins,
    @Nullable Path importance,
    Path store,
    int threads) {
  public Request {
    targets = List.copyOf(targets);
    pins = List.copyOf(pins);
  }

  /// A budget and where its file goes.
  public record Target(Budget budget, Path output) {}

  /// A format fixed by name: `pattern` is searched in the tensor's name.
  public record Pin(java.util.regex.Pattern pattern, String format) {}

  /// The three texts as given: files (or `FILE@FROM-TO` ranges) each, one file to split, or none for the built-in mix.
  public record TextRequest(
      @Nullable String calibration,
      @Nullable String allocation,
      @Nullable String verification,
      @Nullable String split) {}
}
