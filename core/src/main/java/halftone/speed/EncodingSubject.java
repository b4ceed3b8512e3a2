package halftone.speed;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import halftone.llamacpp.Ggml;
import halftone.model.GgmlType;
import halftone.model.Model;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.quantizer.FormatEncoder;
import halftone.quantizer.LayerInputs;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Weights of a model, to measure how fast one thread encodes them.
///
/// @param weights rows × columns, row-major
/// @param importance one value a column
public record EncodingSubject(float[] weights, int rows, int columns, float[] importance) {
  /// Weights at most: some rows of a tensor.
  private static final int MOST = 1 << 19;

  /// Weights of the largest blocks: where rows are not whole blocks, they are cut anew.
  private static final int SUPER_BLOCK = 256;

  /// Encodes until this is over before it measures: code is compiled in that time.
  private static final long WARMING_NANOS = 1_500_000_000L;

  /// Rows of the model's largest tensor that linear layers of blocks read.
  public static EncodingSubject of(Model model) {
    Tensor largest =
        model.blocks().stream()
            .flatMap(block -> Workload.weights(model, block).stream())
            .max(Comparator.comparingLong(weight -> weight.shape().elements()))
            .orElseThrow(() -> new IllegalArgumentException("the model has no linear layers"));
    int width = largest.shape().columns();
    int rows = (int) Math.min(largest.shape().rows(), Math.max(1, MOST / width));
    float[] all = new float[rows * width];
    largest.rows(0, rows, all, 0);
    int columns = width % SUPER_BLOCK == 0 ? width : SUPER_BLOCK;
    float[] weights = Arrays.copyOf(all, all.length / columns * columns);
    float[] importance = new float[columns];
    Random random = new Random(1);
    for (int i = 0; i < columns; i++) {
      importance[i] = (float) Math.exp(random.nextGaussian());
    }
    return new EncodingSubject(weights, weights.length / columns, columns, importance);
  }

  /// Whether weights can be written in a type.
  public static boolean isEncoded(GgmlType type) {
    return NumberFormats.ALL.stream()
        .anyMatch(format -> format instanceof WeightFormat && format.id().equals(type.name()));
  }

  /// Whether a type can be written with importance only.
  public boolean requiresImportance(GgmlType type) {
    return format(type).requiresImportance();
  }

  private static WeightFormat format(GgmlType type) {
    if (type.format() instanceof WeightFormat format) {
      return format;
    }
    throw new IllegalArgumentException("weights cannot be written in " + type);
  }

  /// Speeds of ours and ggml's encoder, in turns: medians.
  ///
  /// @param weighted whether they are given importance
  /// @param rounds that count
  /// @param ggml null for ours alone
  public SpeedReport.Encoding measure(
      GgmlType type, boolean weighted, int rounds, @Nullable Ggml ggml) {
    WeightFormat format = format(type);
    Tensor tensor = Tensor.ofFloats("w", Shape.of(columns, rows), weights);
    LayerInputs inputs = LayerInputs.of(weighted ? importance : null);
    try (Arena arena = Arena.ofConfined();
        Workers alone = new LocalWorkers(1)) {
      MemorySegment out = arena.allocate(rows * format.layout().bytesOf(columns), 64);
      MemorySegment in = arena.allocateFrom(JAVA_FLOAT, weights);
      MemorySegment matrix =
          weighted ? arena.allocateFrom(JAVA_FLOAT, importance) : MemorySegment.NULL;
      Runnable ours =
          () -> new FormatEncoder().quantize(tensor.name(), tensor, format, inputs, alone);
      warm(ours);
      double[] own = new double[rounds];
      double[] theirs = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        own[round] = perSecond(ours);
        if (ggml != null) {
          theirs[round] = perSecond(() -> ggml.quantize(type.id(), in, rows, columns, matrix, out));
        }
      }
      return new SpeedReport.Encoding(
          type.name(), weighted, Median.of(own), ggml == null ? null : Median.of(theirs));
    }
  }

  private static void warm(Runnable work) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < WARMING_NANOS) {
      work.run();
    }
  }

  private double perSecond(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return weights.length * 1e9 / (System.nanoTime() - start);
  }
}
