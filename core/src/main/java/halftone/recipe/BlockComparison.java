package halftone.recipe;

import halftone.evidence.GradientSource;
import halftone.method.Need;
import halftone.sensitivity.BlockRanking;
import halftone.sensitivity.WeightError;
import halftone.text.Texts;
import halftone.workers.Cancellation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Rankings of a network's blocks beside what rounding each block alone really loses.
///
/// @param preTokenizer what GGUF calls the first step of the tokenizer of a folder whose own is not
///   recognized, or null
/// @param gradients asked where a ranking needs them
/// @param store folder of finished work; made when absent
public record BlockComparison(
    Path model,
    @Nullable String preTokenizer,
    List<BlockRanking> rankings,
    Supplier<GradientSource> gradients,
    Effort effort,
    Texts texts,
    Path store,
    int threads) {
  /// What was found.
  ///
  /// @param measured mean KL divergence in nats on the allocation text, one block at a time in
  ///   about four bits
  /// @param scores by ranking, one a block
  public record Result(double[] measured, SequencedMap<String, double[]> scores) {
    /// Spearman's correlation of a ranking with what was measured.
    public double agreement(String ranking) {
      return BlockRanking.agreement(of(ranking), measured);
    }

    /// Mean place of the first and the last 30 % of the blocks less that of the blocks between:
    /// above 0 where, as the paper observes, both ends are the more sensitive.
    public double ends(String ranking) {
      double[] places = BlockRanking.ranks(of(ranking));
      int end = (int) Math.round(0.3 * places.length);
      double outer = 0;
      double inner = 0;
      for (int block = 0; block < places.length; block++) {
        if (block < end || block >= places.length - end) {
          outer += places[block] / (2 * end);
        } else {
          inner += places[block] / (places.length - 2 * end);
        }
      }
      return end == 0 ? 0 : outer - inner;
    }

    private double[] of(String ranking) {
      return Objects.requireNonNull(scores.get(ranking));
    }
  }

  private static boolean needsGradients(BlockRanking ranking) {
    return ranking.card().needs().contains(Need.GRADIENTS);
  }

  /// @throws halftone.evidence.GradientsUnavailableException before any work, when a ranking needs
  ///   gradients and there are none here
  /// @throws halftone.model.UnsupportedModelException when the network cannot be run
  public Result run(Progress progress, Cancellation cancellation) throws IOException {
    boolean asks = rankings.stream().anyMatch(BlockComparison::needsGradients);
    GradientSource source = asks ? gradients.get() : null;
    OpenedModel.Place place = new OpenedModel.Place(model, preTokenizer, store, threads);
    try (OpenedModel opened = OpenedModel.open(place, progress, cancellation)) {
      Samples samples = Samples.of(texts, opened.tokenizer(), effort);
      Ground ground = new Ground(opened.workshop(progress), samples, effort, false);
      SequencedMap<String, double[]> scores = new LinkedHashMap<>();
      for (BlockRanking ranking : rankings) {
        scores.put(ranking.spelled(), ground.blockScores(ranking, source));
      }
      Evidence evidence = ground.evidence(new Scoring(new WeightError(), null));
      return new Result(ground.blockLosses(ground.rounding(evidence)), scores);
    }
  }
}
