package halftone.huggingface;

import halftone.model.MalformedFileException;
import halftone.numeric.NumberFormats;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import halftone.tensor.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A linear layer of a checkpoint in [Packing], decoded row by row.
final class PackedWeight implements Weight {
  static final String CODES = ".qweight";
  static final String ZEROS = ".qzeros";
  static final String SCALES = ".scales";
  static final String GROUPS = ".g_idx";

  /// More words no layer has along one side.
  private static final long MOST = 1 << 24;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Packing packing;
  private final int inputs;
  private final int outputs;
  private final MemorySegment codes;
  private final int[] groups;
  private final float[] scales;
  private final float[] zeros;

  private PackedWeight(
      Packing packing,
      int inputs,
      int outputs,
      MemorySegment codes,
      int[] groups,
      float[] scales,
      float[] zeros) {
    this.packing = packing;
    this.inputs = inputs;
    this.outputs = outputs;
    this.codes = codes;
    this.groups = groups;
    this.scales = scales;
    this.zeros = zeros;
  }

  /// Whether a stored tensor belongs to a packed weight and is not its codes.
  static boolean isCompanion(String stored) {
    return stored.endsWith(ZEROS) || stored.endsWith(SCALES) || stored.endsWith(GROUPS);
  }

  /// Puts the stored tensors of a layer together.
  ///
  /// @param codes its `qweight`
  /// @throws MalformedFileException when one is missing or their shapes do not fit together
  static PackedWeight of(Packing packing, StoredTensor codes, Map<String, StoredTensor> stored) {
    String layer = codes.name().substring(0, codes.name().length() - CODES.length());
    boolean alongInputs = packing.layout() == Packing.Layout.GPTQ;
    if (codes.extents().size() != 2
        || !codes.type().equals("I32")
        || codes.extents().stream().anyMatch(n -> n < 1 || n > MOST)) {
      throw malformed(codes, "%s %s".formatted(codes.type(), codes.extents()), "a matrix of I32");
    }
    int perWord = packing.perWord();
    int inputs = Math.toIntExact(codes.extents().getFirst() * (alongInputs ? perWord : 1));
    int outputs = Math.toIntExact(codes.extents().getLast() * (alongInputs ? 1 : perWord));
    int count =
        packing
            .groups(inputs)
            .orElseThrow(
                () ->
                    malformed(
                        codes, inputs + " inputs", "they must be whole groups of the config's"));
    StoredTensor zeros = companion(stored, codes, layer + ZEROS);
    requireShape(zeros, "I32", List.of((long) count, (long) outputs / perWord));
    StoredTensor scales = companion(stored, codes, layer + SCALES);
    requireShape(scales, scales.type(), List.of((long) count, (long) outputs));
    return new PackedWeight(
        packing,
        inputs,
        outputs,
        codes.bytes(),
        groups(stored.get(layer + GROUPS), inputs, count),
        values(scales),
        zeros(packing, zeros, count, outputs));
  }

  private static StoredTensor companion(
      Map<String, StoredTensor> stored, StoredTensor codes, String name) {
    StoredTensor found = stored.get(name);
    if (found == null) {
      throw malformed(codes, "no " + name + " beside it", "the checkpoint is incomplete");
    }
    return found;
  }

  private static void requireShape(StoredTensor stored, String type, List<Long> extents) {
    if (!stored.type().equals(type) || !stored.extents().equals(extents)) {
      throw malformed(
          stored,
          "%s %s".formatted(stored.type(), stored.extents()),
          "%s %s is due; config.json is of another model".formatted(type, extents));
    }
  }

  private static float[] values(StoredTensor scales) {
    if (!List.of("F16", "BF16", "F32").contains(scales.type())) {
      throw malformed(scales, scales.type(), "scales are F16, BF16 or F32");
    }
    Shape shape = new Shape(scales.extents().reversed());
    float[] values = new float[Math.toIntExact(shape.elements())];
    new Tensor(scales.name(), shape, NumberFormats.named(scales.type()), scales.bytes())
        .rows(0, Math.toIntExact(shape.rows()), values, 0);
    return values;
  }

  private static float[] zeros(Packing packing, StoredTensor stored, int groups, int outputs) {
    float[] zeros = new float[groups * outputs];
    int words = outputs / packing.perWord();
    for (int g = 0; g < groups; g++) {
      for (int o = 0; o < outputs; o++) {
        int word = stored.bytes().get(INT, 4L * (g * words + o / packing.perWord()));
        zeros[g * outputs + o] = packing.get(word, o) + (packing.zerosLessOne() ? 1 : 0);
      }
    }
    return zeros;
  }

  private static int[] groups(@Nullable StoredTensor stored, int inputs, int count) {
    int[] groups = new int[inputs];
    Arrays.setAll(groups, j -> j / (inputs / count));
    if (stored != null) {
      requireShape(stored, "I32", List.of((long) inputs));
      for (int j = 0; j < inputs; j++) {
        groups[j] = stored.bytes().get(INT, 4L * j);
        if (groups[j] < 0 || groups[j] >= count) {
          String found = "group %d of input %d".formatted(groups[j], j);
          throw malformed(stored, found, "there are " + count + " groups");
        }
      }
    }
    return groups;
  }

  @Override
  public Shape shape() {
    return Shape.of(inputs, outputs);
  }

  @Override
  public void rows(long from, int count, float[] out, int at) {
    int first = Math.toIntExact(from);
    boolean alongInputs = packing.layout() == Packing.Layout.GPTQ;
    int perWord = packing.perWord();
    for (int j = 0; j < inputs; j++) {
      int group = groups[j] * outputs;
      for (int r = 0; r < count; r++) {
        int o = first + r;
        long word =
            alongInputs
                ? (long) (j / perWord) * outputs + o
                : (long) j * (outputs / perWord) + o / perWord;
        int code = packing.get(codes.get(INT, 4 * word), alongInputs ? j : o);
        out[at + r * inputs + j] = (code - zeros[group + o]) * scales[group + o];
      }
    }
  }

  private static MalformedFileException malformed(
      StoredTensor stored, String found, String remedy) {
    return new MalformedFileException(stored.file(), stored.name(), found, remedy);
  }
}
