package halftone.recipe;

import halftone.preset.TensorTypeRule;
import halftone.text.Texts;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the user asked for.
///
/// @param targets one file is made for each
/// @param rewriting which rewrite of the network is quantized
/// @param scoring what formats are scored by
/// @param pins tensors whose format is fixed, the first match wins
/// @param importance an importance-matrix file to encode with instead of one from the calibration
///   text, or null
/// @param preTokenizer what GGUF calls the first step of the tokenizer of a folder whose own is not
///   recognized, or null
/// @param self calibration text that the model writes itself, in place of that of `texts`, or null
/// @param runtime what is to run the file, or null where nobody said: then what llama.cpp runs
/// @param store folder of finished work; made when absent
public record Request(
    Path model,
    List<Target> targets,
    Effort effort,
    Rewriting rewriting,
    Scoring scoring,
    Texts texts,
    List<TensorTypeRule> pins,
    @Nullable Path importance,
    @Nullable String preTokenizer,
    @Nullable SelfText self,
    @Nullable RuntimeProfile runtime,
    Path store,
    int threads) {
  private static final String STORE = ".halftone";

  public Request {
    targets = List.copyOf(targets);
    pins = List.copyOf(pins);
    if (targets.isEmpty() || threads < 1) {
      throw new IllegalArgumentException("a request needs a budget and a thread");
    }
    if (importance != null && !rewriting.equals(Rewriting.NONE)) {
      throw new IllegalArgumentException(
          "an importance matrix is of the network as it is, and does not fit one that a transform"
              + " rewrote; leave out one of the two");
    }
  }

  /// What runs the file.
  RuntimeProfile profile() {
    return runtime == null ? RuntimeProfile.LLAMA_CPP : runtime;
  }

  /// Where finished work is kept unless the user names a folder: `.halftone` beside the model, or
  /// the folder the model is in if that is called so.
  public static Path usualStore(Path model) {
    Path beside = model.toAbsolutePath().normalize().resolveSibling(STORE);
    Path folder = beside.getParent();
    return folder != null && folder.endsWith(STORE) ? folder : beside;
  }

  /// A request for a model that names its pre-tokenizer, as GGUF files do, with three texts,
  /// quantized as it is, formats scored as is usual for the effort.
  public Request(
      Path model,
      List<Target> targets,
      Effort effort,
      Texts texts,
      List<TensorTypeRule> pins,
      @Nullable Path importance,
      Path store,
      int threads) {
    this(
        model,
        targets,
        effort,
        Rewriting.NONE,
        Scoring.usual(effort),
        texts,
        pins,
        importance,
        null,
        null,
        null,
        store,
        threads);
  }

  /// A budget and where its file goes.
  public record Target(Budget budget, Path output) {}
}
