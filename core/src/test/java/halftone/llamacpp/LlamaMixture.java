package halftone.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// What `llama_model_quantize` is asked for.
///
/// @param fileType the mixture by its `general.file_type` number: 15 is Q4_K_M
/// @param importance one value an input column for each tensor name; empty for none
/// @param overrides regular expression on the tensor name to GGML type number; the first match wins
public record LlamaMixture(
    int fileType,
    int threads,
    boolean pure,
    Map<String, float[]> importance,
    SequencedMap<String, Integer> overrides) {
  /// Byte offsets in C's `struct llama_model_quantize_params`.
  private static final int THREADS = 0;

  private static final int FILE_TYPE = 4;
  private static final int ALLOW_REQUANTIZE = 16;
  private static final int PURE = 19;
  private static final int IMPORTANCE = 24;
  private static final int OVERRIDES = 40;

  /// Bytes of `struct llama_model_imatrix_data {name, data, size}`.
  private static final int IMPORTANCE_ENTRY = 24;

  /// Bytes of `struct llama_model_tensor_override {pattern, type}`.
  private static final int OVERRIDE_ENTRY = 16;

  public static LlamaMixture of(int fileType) {
    return new LlamaMixture(fileType, 2, false, Map.of(), new LinkedHashMap<>());
  }

  public LlamaMixture withImportance(Map<String, float[]> values) {
    return new LlamaMixture(fileType, threads, pure, values, overrides);
  }

  public LlamaMixture withOverrides(SequencedMap<String, Integer> types) {
    return new LlamaMixture(fileType, threads, pure, importance, types);
  }

  /// Writes `target`: `source` in this mixture, as `llama-quantize` does.
  ///
  /// @throws IllegalStateException when llama.cpp refuses
  public void quantize(Llama llama, Path source, Path target) {
    MethodHandle quantize =
        llama.function(
            "llama_model_quantize", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment parameters = (MemorySegment) defaults(llama).invoke(arena);
      write(parameters, arena);
      int status =
          (int)
              quantize.invokeExact(
                  arena.allocateFrom(source.toString()),
                  arena.allocateFrom(target.toString()),
                  parameters);
      if (status != 0) {
        throw new IllegalStateException("llama.cpp cannot write " + source + " as " + fileType);
      }
    } catch (Throwable e) {
      throw Llama.failure(e);
    }
  }

  private static MethodHandle defaults(Llama llama) {
    return llama.function(
        "llama_model_quantize_default_params", FunctionDescriptor.of(Llama.PARAMETERS));
  }

  /// The bytes of `llama_model_quantize_default_params()`, to check the layout assumed here.
  static byte[] defaultBytes(Llama llama) {
    try (Arena arena = Arena.ofConfined()) {
      return ((MemorySegment) defaults(llama).invoke(arena)).toArray(JAVA_BYTE);
    } catch (Throwable e) {
      throw Llama.failure(e);
    }
  }

  /// Fills the structure, which starts from the library's own defaults.
  private void write(MemorySegment parameters, Arena arena) {
    parameters.set(JAVA_INT, THREADS, threads);
    parameters.set(JAVA_INT, FILE_TYPE, fileType);
    parameters.set(JAVA_BYTE, ALLOW_REQUANTIZE, (byte) 1);
    parameters.set(JAVA_BYTE, PURE, (byte) (pure ? 1 : 0));
    if (!importance.isEmpty()) {
      parameters.set(ADDRESS, IMPORTANCE, importanceEntries(arena));
    }
    if (!overrides.isEmpty()) {
      parameters.set(ADDRESS, OVERRIDES, overrideEntries(arena));
    }
  }

  private MemorySegment importanceEntries(Arena arena) {
    MemorySegment entries = arena.allocate((importance.size() + 1L) * IMPORTANCE_ENTRY, 8);
    long at = 0;
    for (Map.Entry<String, float[]> entry : importance.entrySet()) {
      entries.set(ADDRESS, at, arena.allocateFrom(entry.getKey()));
      entries.set(ADDRESS, at + 8, arena.allocateFrom(JAVA_FLOAT, entry.getValue()));
      entries.set(JAVA_LONG, at + 16, entry.getValue().length);
      at += IMPORTANCE_ENTRY;
    }
    return entries;
  }

  private MemorySegment overrideEntries(Arena arena) {
    MemorySegment entries = arena.allocate((overrides.size() + 1L) * OVERRIDE_ENTRY, 8);
    long at = 0;
    for (Map.Entry<String, Integer> entry : overrides.entrySet()) {
      entries.set(ADDRESS, at, arena.allocateFrom(entry.getKey()));
      entries.set(JAVA_INT, at + 8, entry.getValue());
      at += OVERRIDE_ENTRY;
    }
    return entries;
  }
}
