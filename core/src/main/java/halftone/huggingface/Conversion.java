package halftone.huggingface;

import halftone.model.MalformedFileException;
import halftone.model.UnsupportedModelException;
import halftone.numeric.NumberFormat;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.tensor.ComputedRows;
import halftone.tensor.EncodedRows;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A checkpoint's tensors as GGUF has them: named, reordered, in GGUF's types, and all of that when
/// their rows are asked for.
///
/// Vectors become F32. Matrices keep their type, F32, F16 or BF16; those of FP8 codes become BF16,
/// in which the codes are exact and a code times its scale is off by at most 2^−9 of itself; packed
/// integers become F32.
record Conversion(Family family, Config config, Shards shards) {
  private static final long MOST_TOKENS = 10_000_000;
  private static final Set<String> FLOATS = Set.of("F32", "F16", "BF16", "F8_E4M3", "F8_E5M2");
  private static final WeightFormat F32 = (WeightFormat) NumberFormats.named("F32");
  private static final WeightFormat BF16 = (WeightFormat) NumberFormats.named("BF16");

  /// All tensors, in the order in which a token meets them.
  ///
  /// @param tokens entries of the tokenizer's vocabulary
  SequencedMap<String, Tensor> tensors(int tokens) {
    Map<String, Tensor> converted = new LinkedHashMap<>();
    shards.tensors().forEach((name, stored) -> add(converted, stored, tokens));
    requireOutput(converted);
    family.extras(config).forEach(tensor -> converted.put(tensor.name(), tensor));
    List<String> names = new ArrayList<>(converted.keySet());
    names.sort(Comparator.comparingInt(TensorNames::rank).thenComparing(name -> name));
    SequencedMap<String, Tensor> ordered = new LinkedHashMap<>();
    names.forEach(name -> ordered.put(name, java.util.Objects.requireNonNull(converted.get(name))));
    return ordered;
  }

  /// Rows of the embedding, before any is cut.
  int vocabularyRows() {
    return shards.tensors().values().stream()
        .filter(stored -> isEmbedding(stored) && !stored.extents().isEmpty())
        .findFirst()
        .map(Conversion::rows)
        .orElseThrow(
            () -> config.json().malformed("weights", "no embed_tokens.weight", "fetch them again"));
  }

  private static int rows(StoredTensor embedding) {
    long rows = embedding.extents().getFirst();
    if (rows < 1 || rows > MOST_TOKENS) {
      throw malformed(embedding, rows + " rows", "no vocabulary has so many pieces");
    }
    return (int) rows;
  }

  private boolean isEmbedding(StoredTensor stored) {
    return new TensorNames(family).of(stored.name()).equals(Optional.of(TensorNames.EMBEDDING));
  }

  private void add(Map<String, Tensor> converted, StoredTensor stored, int tokens) {
    boolean packed = config.packing().isPresent();
    if (TensorNames.isLeftOut(stored.name()) || packed && PackedWeight.isCompanion(stored.name())) {
      return;
    }
    String name =
        new TensorNames(family)
            .of(packed ? TensorNames.unpacked(stored.name()) : stored.name())
            .orElseThrow(
                () ->
                    new UnsupportedModelException(
                        "%s: tensor %s has no place in a %s model"
                            .formatted(stored.file(), stored.name(), family.id())));
    boolean dropped = name.equals(TensorNames.OUTPUT) && config.isTied(isAlwaysTied());
    if (!dropped && converted.put(name, convert(name, stored, tokens)) != null) {
      throw new MalformedFileException(
          stored.file(), stored.name(), "a second tensor for " + name, "one must go");
    }
  }

  private boolean isAlwaysTied() {
    return family instanceof GemmaFamily;
  }

  private void requireOutput(Map<String, Tensor> converted) {
    if (!config.isTied(true) && !converted.containsKey(TensorNames.OUTPUT)) {
      throw config
          .json()
          .malformed(
              "tie_word_embeddings", "false and no lm_head.weight", "the checkpoint is incomplete");
    }
  }

  /// What was done to the values of a tensor of this GGUF name.
  Change change(String name) {
    return family.change(name, config);
  }

  private Tensor convert(String name, StoredTensor stored, int tokens) {
    Change change = change(name);
    Tensor plain =
        stored.name().endsWith(PackedWeight.CODES) ? packed(name, stored) : plain(name, stored);
    if (stored.extents().size() < 2) {
      requireHeads(change, plain.shape().elements(), stored);
      return new Tensor(
          name, plain.shape(), F32, new EncodedRows(name, new ChangedVector(plain, change), F32));
    }
    return switch (change) {
      case Change.Keep _ -> plain;
      case Change.Interleave interleave -> interleaved(plain, interleave, stored);
      case Change.CutToVocabulary _ -> cut(plain, tokens);
      case Change.PlusOne _ ->
          throw malformed(stored, "shape " + stored.extents(), "a gain is a vector");
    };
  }

  private static void requireHeads(Change change, long rows, StoredTensor stored) {
    if (change instanceof Change.Interleave(int headSize) && rows % headSize != 0) {
      String found = rows + " rows for heads of " + headSize;
      throw malformed(stored, found, "they must be whole heads; config.json is of another model");
    }
  }

  private static Tensor interleaved(
      Tensor tensor, Change.Interleave interleave, StoredTensor stored) {
    requireHeads(interleave, tensor.shape().rows(), stored);
    return new Tensor(
        tensor.name(),
        tensor.shape(),
        tensor.format(),
        new PermutedRows(tensor, interleave.order()));
  }

  private static Tensor cut(Tensor tensor, int tokens) {
    if (tensor.shape().rows() <= tokens) {
      return tensor;
    }
    Shape shape = Shape.of(tensor.shape().columns(), tokens);
    return new Tensor(tensor.name(), shape, tensor.format(), tensor.source());
  }

  /// Codes under zeros and scales, as F32, in which their products are exact.
  private Tensor packed(String name, StoredTensor stored) {
    Packing packing = config.packing().orElseThrow();
    return ComputedRows.tensor(name, PackedWeight.of(packing, stored, shards.tensors()));
  }

  /// The values as they are: codes times scales where there are scales.
  private Tensor plain(String name, StoredTensor stored) {
    if (!FLOATS.contains(stored.type())) {
      throw malformed(stored, "dtype " + stored.type(), "weights are of " + FLOATS);
    }
    Tensor tensor = mapped(name, stored);
    if (!stored.type().startsWith("F8")) {
      return tensor;
    }
    StoredTensor scale = scale(stored);
    return new Tensor(
        name,
        tensor.shape(),
        BF16,
        new EncodedRows(
            name,
            scale == null
                ? tensor
                : Scales.of(tensor, mapped(scale.name(), scale), config.scaleBlock(), scale.file()),
            BF16));
  }

  private @Nullable StoredTensor scale(StoredTensor stored) {
    StoredTensor inverse = shards.tensors().get(stored.name() + "_scale_inv");
    return inverse == null ? shards.tensors().get(stored.name() + "_scale") : inverse;
  }

  private static Tensor mapped(String name, StoredTensor stored) {
    boolean extreme = stored.extents().stream().anyMatch(n -> n < 1 || n > Integer.MAX_VALUE);
    if (extreme || stored.extents().size() > 2) {
      throw malformed(stored, "shape " + stored.extents(), "weights are matrices or vectors");
    }
    List<Long> extents = stored.extents().isEmpty() ? List.of(1L) : stored.extents().reversed();
    NumberFormat format = NumberFormats.named(stored.type());
    return new Tensor(name, new Shape(extents), format, stored.bytes());
  }

  private static MalformedFileException malformed(
      StoredTensor stored, String found, String remedy) {
    return new MalformedFileException(stored.file(), stored.name(), found, remedy);
  }
}
