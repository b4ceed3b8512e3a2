package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Encoders against `ggml_quantize_chunk` of the real library, on tensors less tame than the
/// card's.
class RealEncodersTest {
  private static final int ROWS = 8;
  private static final int COLUMNS = 768;

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "Q4_0, 2",
    "Q4_1, 3",
    "Q5_0, 6",
    "Q5_1, 7",
    "Q8_0, 8",
    "Q2_K, 10",
    "Q3_K, 11",
    "Q4_K, 12",
    "Q5_K, 13",
    "NVFP4, 40",
    "Q1_0, 41",
    "Q2_0, 42",
    "Q6_K, 14",
    "IQ4_NL, 20",
    "IQ4_XS, 23",
    "TQ1_0, 34",
    "TQ2_0, 35",
    "MXFP4, 39"
  })
  void givesTheLibrarysBytes(String id, int type) throws Throwable {
    WeightFormat format = (WeightFormat) NumberFormats.named(id);
    float[] importance = new float[COLUMNS];
    Random random = new Random(7);
    for (int j = 0; j < COLUMNS; j++) {
      importance[j] = (float) Math.exp(2 * random.nextGaussian());
    }
    for (int seed = 0; seed < 4; seed++) {
      float[] x = wild(seed);
      assertThat(TestTensor.encode(format, x, ROWS, COLUMNS, null))
          .as("%s, seed %d", id, seed)
          .isEqualTo(encodeByLibrary(type, format, x, null));
      assertThat(TestTensor.encode(format, x, ROWS, COLUMNS, importance))
          .as("%s with importance, seed %d", id, seed)
          .isEqualTo(encodeByLibrary(type, format, x, importance));
    }
  }

  /// Rows of Gaussians with heavy tails, of one sign, with zero groups, with tiny groups, on a
  /// coarse lattice.
  private static float[] wild(int seed) {
    Random random = new Random(seed);
    float[] x = new float[ROWS * COLUMNS];
    for (int i = 0; i < x.length; i++) {
      double v = 0.02 * random.nextGaussian();
      switch (i / COLUMNS) {
        case 1 -> v *= Math.exp(2 * random.nextGaussian());
        case 2 -> v = Math.abs(v);
        case 3 -> v = -Math.abs(v);
        case 4 -> v = i / 32 % 3 == 1 ? 0 : v;
        case 5 -> v *= i / 16 % 2 == 1 ? 1e-5 : 1;
        case 6 -> v = Math.rint(100 * v) / 64;
        case 7 -> v *= 1e4;
        default -> {}
      }
      x[i] = (float) v;
    }
    return x;
  }

  private static byte[] encodeByLibrary(
      int type, WeightFormat format, float[] x, float @Nullable [] importance) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle quantize = library(arena);
      MemorySegment out = arena.allocate(ROWS * format.layout().bytesOf(COLUMNS));
      MemorySegment weights = arena.allocateFrom(ValueLayout.JAVA_FLOAT, x);
      MemorySegment columns =
          importance == null
              ? MemorySegment.NULL
              : arena.allocateFrom(ValueLayout.JAVA_FLOAT, importance);
      long written =
          (long) quantize.invokeExact(type, weights, out, 0L, (long) ROWS, (long) COLUMNS, columns);
      assertThat(written).isEqualTo(out.byteSize());
      return out.toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static MethodHandle library(Arena arena) {
    String folder =
        System.getProperty(
            "halftone.llamacpp", System.getenv().getOrDefault("HALFTONE_LLAMACPP", ""));
    Path file = Path.of(folder, "libggml-base.so");
    assumeTrue(
        !folder.isEmpty() && Files.exists(file),
        "no llama.cpp: set -Dhalftone.llamacpp to a folder with libggml-base.so");
    MemorySegment symbol =
        SymbolLookup.libraryLookup(file, arena).find("ggml_quantize_chunk").orElseThrow();
    FunctionDescriptor signature =
        FunctionDescriptor.of(
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.ADDRESS);
    return Linker.nativeLinker().downcallHandle(symbol, signature);
  }
}
