package halftone.recipe;

import halftone.runtime.Arithmetic;
import halftone.text.Texts;
import halftone.workers.Cancellation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Contestants side by side: the same model, the same texts, the same bytes, measured on the
/// verification text, which none of them reads.
///
/// Every finished unit is in the store when the next begins, the scores of every file too: a run
/// that was killed goes on where it stood, and a second one measures only what is new.
///
/// @param preTokenizer what GGUF calls the first step of the tokenizer of a folder whose own is not
///   recognized, or null
/// @param arithmetic how files are run; the original always runs exactly
/// @param store folder of finished work; made when absent
public record Arena(
    Path model,
    @Nullable String preTokenizer,
    List<Contestant> contestants,
    List<Budget> budgets,
    Effort effort,
    Texts texts,
    Arithmetic arithmetic,
    Path store,
    int threads) {
  public Arena {
    contestants = List.copyOf(contestants);
    budgets = List.copyOf(budgets);
    if (contestants.isEmpty() || budgets.isEmpty() || threads < 1) {
      throw new IllegalArgumentException("an arena needs a contestant, a size and a thread");
    }
    for (Budget budget : budgets) {
      if (budget instanceof Budget.MaxKl) {
        throw new IllegalArgumentException("contestants are compared at a size, not at a loss");
      }
    }
    // GPTQ rounds whoever asks for it, and swaps are exact, at any effort.
    effort =
        new Effort(
            effort.name(),
            effort.calibrationChunks(),
            effort.allocationChunks(),
            effort.verificationChunks(),
            effort.sampledRows(),
            effort.depths(),
            effort.outsideProbes(),
            0,
            true,
            true);
  }

  /// A leaderboard for each size, in order.
  ///
  /// @throws halftone.model.UnsupportedModelException when the network cannot be run
  /// @throws halftone.allocation.InfeasibleBudgetException when a size is below every file
  public List<Leaderboard> run(Progress progress, Cancellation cancellation) throws IOException {
    OpenedModel.Place place = new OpenedModel.Place(model, preTokenizer, store, threads);
    try (OpenedModel opened = OpenedModel.open(place, progress, cancellation)) {
      Samples samples = Samples.of(texts, opened.tokenizer(), effort);
      Workshop shop = opened.workshop(progress);
      return new Contest(this, shop, samples, opened.source().alignment()).run();
    }
  }
}
