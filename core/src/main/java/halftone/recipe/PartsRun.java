package halftone.recipe;

import halftone.allocation.InfeasibleBudgetException;
import halftone.evaluation.Quality;
import halftone.huggingface.HalftoneWriter;
import halftone.model.Model;
import halftone.model.PartFile;
import halftone.parts.Composite;
import halftone.tensor.Tensor;
import halftone.text.Texts;
import halftone.workers.Cancellation;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A file of our own layout by one method, which our engine runs and nothing else does. It is
/// measured on the verification text; no preset is beside it: `compare` sets them side by side.
///
/// @param preTokenizer what GGUF calls the first step of the tokenizer of a folder whose own is not
///   recognized, or null
/// @param contestant the method, what it needs, and the rewrite of the network it quantizes
/// @param store folder of finished work; made when absent
public record PartsRun(
    Path model,
    @Nullable String preTokenizer,
    Contestant.Parts contestant,
    Budget budget,
    Effort effort,
    Texts texts,
    Path output,
    Path store,
    int threads) {
  /// What was made.
  ///
  /// @param bitsPerWeight 8 × bytes of all tensors ÷ their elements
  /// @param quality on the verification text, beside the original
  public record Result(Path output, long bytes, double bitsPerWeight, Quality quality) {}

  /// @throws InfeasibleBudgetException when the smallest widths take more than the budget
  /// @throws IllegalArgumentException for a budget that is no size
  public Result run(Progress progress, Cancellation cancellation) throws IOException {
    OpenedModel.Place place = new OpenedModel.Place(model, preTokenizer, store, threads);
    try (OpenedModel opened = OpenedModel.open(place, progress, cancellation)) {
      PartFile.requireWritable(output, opened.source().files());
      Workshop shop = opened.workshop(progress);
      Samples samples = Samples.of(texts, opened.tokenizer(), effort);
      Workshop rewritten =
          contestant.transform() == null
              ? shop
              : Rewriting.apply(shop, contestant.transform(), samples.calibration());
      PartsSearch search = new Ground(rewritten, samples, effort, false).parts(contestant);
      PartsSearch.Made made = search.within(limit(shop.model()));
      Model model = made.applied(rewritten, samples.calibration());
      HalftoneWriter.write(
          output,
          model.metadata(),
          model.tensors().values(),
          made.composites(),
          opened.source().files());
      progress.step("verification", 1);
      Quality quality =
          Quality.of(new Yardstick(shop, samples.scoredVerification(), 1, 0).score(model));
      progress.done(1);
      return new Result(output, made.bytes(), bitsPerWeight(model, made), quality);
    }
  }

  private long limit(Model original) {
    return switch (budget) {
      case Budget.Size size -> size.bytes();
      case Budget.Bits bits -> {
        long header = PartsSearch.fixed(original, Candidates.quantized(original));
        long elements = elements(original);
        long kept =
            original.tensors().values().stream()
                .filter(tensor -> !Candidates.quantized(original).contains(tensor.name()))
                .mapToLong(Tensor::byteSize)
                .sum();
        yield (long) (bits.bitsPerWeight() * elements / 8) + header - kept;
      }
      default ->
          throw new IllegalArgumentException(
              "a method of our own layout takes a size in bytes or in bits a weight");
    };
  }

  private static long elements(Model model) {
    return model.tensors().values().stream().mapToLong(t -> t.shape().elements()).sum();
  }

  private static double bitsPerWeight(Model model, PartsSearch.Made made) {
    long bytes = made.composites().values().stream().mapToLong(Composite::bytes).sum();
    for (Tensor tensor : model.tensors().values()) {
      bytes += made.composites().containsKey(tensor.name()) ? 0 : tensor.byteSize();
    }
    return 8.0 * bytes / elements(model);
  }
}
