package halftone.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// `libggml-base`: the reference encoders and decoders of every GGML type, by the type's numeric
/// id.
///
/// Example: `new Ggml(library).quantize(12, weights, 2, 512, null)` gives two rows of Q4_K.
public final class Ggml {
  /// Byte offsets in C's `struct ggml_type_traits`.
  private static final int BLOCK_WEIGHTS = 8;

  private static final int BLOCK_BYTES = 24;
  private static final int TO_FLOAT = 40;
  private static final int TRAITS_BYTES = 56;

  private final MethodHandle quantizeChunk;
  private final MethodHandle requiresImatrix;
  private final MethodHandle typeTraits;
  private final MethodHandle toHalf;

  public Ggml(LlamaCppLibrary library) {
    SymbolLookup base = library.open("libggml-base");
    quantizeChunk =
        LlamaCppLibrary.function(
            base,
            "ggml_quantize_chunk",
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS));
    requiresImatrix =
        LlamaCppLibrary.function(
            base, "ggml_quantize_requires_imatrix", FunctionDescriptor.of(JAVA_BYTE, JAVA_INT));
    typeTraits =
        LlamaCppLibrary.function(
            base, "ggml_get_type_traits", FunctionDescriptor.of(ADDRESS, JAVA_INT));
    toHalf =
        LlamaCppLibrary.function(
            base, "ggml_fp32_to_fp16", FunctionDescriptor.of(JAVA_SHORT, JAVA_FLOAT));
  }

  /// Weights in a block of the type.
  public int blockWeights(int type) {
    return Math.toIntExact(traits(type).get(JAVA_LONG, BLOCK_WEIGHTS));
  }

  /// Bytes of a block of the type.
  public int blockBytes(int type) {
    return Math.toIntExact(traits(type).get(JAVA_LONG, BLOCK_BYTES));
  }

  /// Encodes `rows` rows of `columns` weights, row-major, as `llama-quantize` does.
  ///
  /// @param importance one value a column, or null
  public byte[] quantize(
      int type, float[] weights, int rows, int columns, float @Nullable [] importance) {
    long size = (long) rows * columns / blockWeights(type) * blockBytes(type);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = arena.allocateFrom(JAVA_FLOAT, weights);
      MemorySegment out = arena.allocate(size, 64);
      MemorySegment matrix =
          importance == null ? MemorySegment.NULL : arena.allocateFrom(JAVA_FLOAT, importance);
      quantize(type, in, rows, columns, matrix, out);
      return out.toArray(JAVA_BYTE);
    }
  }

  /// As [#quantize(int, float\[\], int, int, float\[\])], between places in memory.
  ///
  /// @param importance `NULL` for none
  public void quantize(
      int type,
      MemorySegment weights,
      long rows,
      long columns,
      MemorySegment importance,
      MemorySegment out) {
    try {
      long written =
          (long) quantizeChunk.invokeExact(type, weights, out, 0L, rows, columns, importance);
      if (written != out.byteSize()) {
        throw new IllegalStateException("ggml wrote " + written + " bytes, not " + out.byteSize());
      }
    } catch (Throwable e) {
      throw Llama.failure(e);
    }
  }

  /// Decodes `count` weights, a whole number of blocks.
  public float[] dequantize(int type, byte[] blocks, int count) {
    MethodHandle toFloat =
        Linker.nativeLinker()
            .downcallHandle(
                traits(type).get(ADDRESS, TO_FLOAT),
                FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_LONG));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = arena.allocate(blocks.length, 64).copyFrom(MemorySegment.ofArray(blocks));
      MemorySegment out = arena.allocate(JAVA_FLOAT, count);
      toFloat.invokeExact(in, out, (long) count);
      return out.toArray(JAVA_FLOAT);
    } catch (Throwable e) {
      throw Llama.failure(e);
    }
  }

  /// Whether ggml refuses to encode the type without importance.
  public boolean requiresImportance(int type) {
    try {
      return (byte) requiresImatrix.invokeExact(type) != 0;
    } catch (Throwable e) {
      throw Llama.failure(e);
    }
  }

  /// The bits of `value` rounded to binary16.
  public short toHalf(float value) {
    try {
      return (short) toHalf.invokeExact(value);
    } catch (Throwable e) {
      throw Llama.failure(e);
    }
  }

  private MemorySegment traits(int type) {
    try {
      return ((MemorySegment) typeTraits.invokeExact(type)).reinterpret(TRAITS_BYTES);
    } catch (Throwable e) {
      throw Llama.failure(e);
    }
  }
}
