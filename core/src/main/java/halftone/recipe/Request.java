package halftone.recipe;

import halftone.preset.TensorTypeRule;
import halftone.text.Texts;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the user asked for.
///
/// @param targets one file is made for each
/// @param scoring what formats are scored by
/// @param pins tensors whose format is fixed, the first match wins
/// @param importance an importance-matrix file to encode with instead of one from the calibration
///   text, or null
/// @param store folder of finished work; made when absent
public record Request(
    Path model,
    List<Target> targets,
    Effort effort,
    Scoring scoring,
    Texts texts,
    List<TensorTypeRule> pins,
    @Nullable Path importance,
    Path store,
    int threads) {
  public Request {
    targets = List.copyOf(targets);
    pins = List.copyOf(pins);
    if (targets.isEmpty() || threads < 1) {
      throw new IllegalArgumentException("a request needs a budget and a thread");
    }
  }

  /// The same with formats scored as is usual for the effort.
  public Request(
      Path model,
      List<Target> targets,
      Effort effort,
      Texts texts,
      List<TensorTypeRule> pins,
      @Nullable Path importance,
      Path store,
      int threads) {
    this(model, targets, effort, Scoring.usual(effort), texts, pins, importance, store, threads);
  }

  /// A budget and where its file goes.
  public record Target(Budget budget, Path output) {}
}
