package halftone.recipe;

import halftone.evaluation.PairedComparison;
import halftone.evaluation.Quality;
import halftone.runtime.MemoryPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Everything that is known about one finished file: what the report shows and the store keeps.
///
/// @param shipped name of the candidate that became the file
/// @param predictedKl mean KL divergence the loss table promised for our choice, nats
/// @param tensors in file order
/// @param curve predicted loss of the best choice for every size, smallest first
/// @param candidates measured on the allocation text, ours first
/// @param verification null when the architecture cannot be run: quality was not measured
/// @param memory what running the file takes, null unless the budget was for that
/// @param provenance recipe, texts, seeds and hashes, as written into the file's metadata
public record Outcome(
    Path output,
    Path model,
    long bytes,
    double bitsPerWeight,
    String shipped,
    double predictedKl,
    List<TensorChoice> tensors,
    List<CurvePoint> curve,
    List<Candidate> candidates,
    @Nullable Verification verification,
    @Nullable Memory memory,
    SequencedMap<String, String> provenance,
    SequencedMap<String, Duration> times) {
  /// One tensor's format and why.
  ///
  /// @param loss predicted loss in nats, NaN where none was predicted
  /// @param alternatives what other formats would have cost and lost
  public record TensorChoice(
      String name,
      String shape,
      String format,
      long bytes,
      double loss,
      String reason,
      List<Alternative> alternatives) {}

  /// A format on a tensor's menu.
  public record Alternative(String format, long bytes, double loss) {}

  /// A point of the predicted Pareto curve. The formats of all points together are the first one's
  /// and what each next one changes.
  ///
  /// @param bytes of the file
  /// @param bitsPerWeight 8 × bytes of all tensors ÷ their elements
  /// @param changes what differs from the point before; at the first, every tensor with a choice
  public record CurvePoint(long bytes, double loss, double bitsPerWeight, List<Change> changes) {}

  /// A tensor's format at a point of the curve.
  ///
  /// @param tensor index among the outcome's tensors
  /// @param alternative index among that tensor's alternatives
  public record Change(int tensor, int alternative) {}

  /// The memory of running a file: its own bytes, and what is beside it.
  public record Memory(Budget.Fit budget, MemoryPlan beside) {
    /// Bytes in all, for a file of so many.
    public long total(long fileBytes) {
      return fileBytes + beside.total();
    }
  }

  /// A file that was in the running.
  ///
  /// @param ours whether this search made it; else it is a rival's recipe
  /// @param predictedKl what the loss table promised for it, NaN where nothing did
  /// @param kl mean KL divergence on the allocation text, with its standard error
  public record Candidate(
      String name, boolean ours, long bytes, double predictedKl, double kl, double klError) {}

  /// The one reading of the verification text.
  ///
  /// @param rival the best preset or uniform file that fits, null when none does
  /// @param paired ours minus the rival's, null without a rival
  /// @param kinds quality of the shipped file for each kind of text
  public record Verification(
      Quality ours,
      @Nullable String rival,
      long rivalBytes,
      @Nullable Quality rivalQuality,
      @Nullable PairedComparison paired,
      SequencedMap<String, Quality> kinds) {}
}
