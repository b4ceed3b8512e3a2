package halftone.recipe;

import halftone.evaluation.Quality;
import halftone.huggingface.ModelFolder;
import halftone.huggingface.PackedFolder;
import halftone.huggingface.Packing;
import halftone.model.Model;
import halftone.parts.Composite;
import halftone.parts.GroupCodes;
import halftone.quantizer.AwqClip;
import halftone.quantizer.GroupGptq;
import halftone.quantizer.LayerKnowledge;
import halftone.tensor.Tensor;
import halftone.text.Texts;
import halftone.transform.Transform;
import halftone.workers.Cancellation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A checkpoint in 4 bits as vLLM and transformers load it: GPTQ's with GPTQ's rounding on
/// symmetric groups, or AWQ's with AWQ's clipped groups. Linear layers of the blocks are packed;
/// embedding, output product and norms stay as they are.
///
/// @param model a folder as Hugging Face keeps models
/// @param packing how codes are packed, and in groups of how many inputs
/// @param actOrder with [Packing.Layout#GPTQ]: columns with large inputs first
/// @param transform rewrite of the network that is quantized in its place, or null
/// @param output a new folder
/// @param store folder of finished work; made when absent
public record Int4Run(
    Path model,
    @Nullable String preTokenizer,
    Packing packing,
    boolean actOrder,
    @Nullable Transform transform,
    Effort effort,
    Texts texts,
    Path output,
    Path store,
    int threads) {
  private static final int BITS = 4;

  /// What was made.
  ///
  /// @param bytes of all weights
  /// @param quality on the verification text, beside the original
  public record Result(Path output, long bytes, Quality quality) {}

  /// @throws IllegalArgumentException when the model is no folder, or a weight does not divide
  /// @throws IOException when the output exists, or something cannot be read or written
  public Result run(Progress progress, Cancellation cancellation) throws IOException {
    PackedFolder.requireNew(output);
    OpenedModel.Place place = new OpenedModel.Place(model, preTokenizer, store, threads);
    try (OpenedModel opened = OpenedModel.open(place, progress, cancellation)) {
      if (!(opened.source() instanceof ModelFolder folder)) {
        throw new IllegalArgumentException(
            model
                + " is no folder with config.json and safetensors; name the one it was made from");
      }
      Workshop shop = opened.workshop(progress);
      PackedFolder.requirePackable(shop.model(), packing);
      Samples samples = Samples.of(texts, opened.tokenizer(), effort);
      Workshop rewritten =
          transform == null ? shop : Rewriting.apply(shop, transform, samples.calibration());
      PackedFolder.requireSameTensors(folder, rewritten.model());
      Map<String, GroupCodes> codes = codes(rewritten, samples);
      long bytes = PackedFolder.write(folder, output, packing, rewritten.model(), codes, actOrder);
      progress.step("verification", 1);
      Yardstick yardstick = new Yardstick(shop, samples.scoredVerification(), 1, 0);
      Quality quality = Quality.of(yardstick.score(rounded(rewritten.model(), codes)));
      progress.done(1);
      return new Result(output, bytes, quality);
    }
  }

  private Map<String, GroupCodes> codes(Workshop shop, Samples samples) {
    Map<String, GroupCodes> codes = new LinkedHashMap<>();
    shop.progress().step(packing.layout().id(), shop.model().blocks().size() + 1);
    KnowledgePass.run(
        shop,
        samples.calibration().tokens(),
        name -> null,
        layers ->
            layers.forEach(
                (name, known) -> {
                  if (PackedFolder.isPacked(name, shop.model())) {
                    codes.put(name, codes(shop, name, known));
                  }
                }));
    return codes;
  }

  private GroupCodes codes(Workshop shop, String name, LayerKnowledge known) {
    Tensor weight = Objects.requireNonNull(shop.model().tensors().get(name));
    int group = packing.group() == 0 ? weight.shape().columns() : packing.group();
    return switch (packing.layout()) {
      case GPTQ ->
          new GroupGptq(group, actOrder, true, true, GroupGptq.DAMPING)
              .codes(name, weight, BITS, known, shop.workers());
      case AWQ -> new AwqClip(group, false).codes(name, weight, BITS, known, shop.workers());
    };
  }

  private static Model rounded(Model model, Map<String, GroupCodes> codes) {
    List<Tensor> tensors = new ArrayList<>();
    codes.forEach(
        (name, each) -> {
          Tensor original = Objects.requireNonNull(model.tensors().get(name));
          tensors.add(Composite.of(original.shape(), each).tensor(name));
        });
    return model.with(tensors);
  }
}
