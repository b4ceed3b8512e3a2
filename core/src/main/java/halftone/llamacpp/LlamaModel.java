package halftone.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/// A model that llama.cpp has loaded, with one context.
public final class LlamaModel implements AutoCloseable {
  /// Byte offsets in C's `struct llama_batch`, and its size.
  private static final int BATCH_TOKENS = 8;

  private static final int BATCH_OUTPUTS = 48;

  /// Byte offsets in `struct llama_context_params`.
  private static final int FLASH_ATTENTION = 52;

  private static final int KEY_TYPE = 104;
  private static final int VALUE_TYPE = 108;
  private static final int F32 = 0;
  private static final int F16 = 1;

  private final Llama llama;
  private final MemorySegment model;
  private final MemorySegment context;
  private final MemorySegment memory;
  private final int length;
  private final int vocabularySize;
  private final MethodHandle decode;
  private final MethodHandle clear;
  private final MethodHandle getLogits;

  LlamaModel(Llama llama, MemorySegment model, int length, int threads, boolean exactCache)
      throws Throwable {
    this.llama = llama;
    this.model = model;
    this.length = length;
    MemorySegment vocabulary = (MemorySegment) pointer("llama_model_get_vocab").invokeExact(model);
    vocabularySize =
        (int)
            llama
                .function("llama_vocab_n_tokens", FunctionDescriptor.of(JAVA_INT, ADDRESS))
                .invokeExact(vocabulary);
    context = context(threads, exactCache);
    decode =
        llama.function("llama_decode", FunctionDescriptor.of(JAVA_INT, ADDRESS, Llama.PARAMETERS));
    clear = llama.function("llama_memory_clear", FunctionDescriptor.ofVoid(ADDRESS, JAVA_BOOLEAN));
    getLogits = pointer("llama_get_logits");
    memory = (MemorySegment) pointer("llama_get_memory").invokeExact(context);
  }

  private MemorySegment context(int threads, boolean exactCache) throws Throwable {
    MethodHandle defaults =
        llama.function("llama_context_default_params", FunctionDescriptor.of(Llama.PARAMETERS));
    MethodHandle create =
        llama.function(
            "llama_init_from_model", FunctionDescriptor.of(ADDRESS, ADDRESS, Llama.PARAMETERS));
    MethodHandle setThreads =
        llama.function(
            "llama_set_n_threads", FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment parameters = (MemorySegment) defaults.invoke(arena);
      parameters.setAtIndex(JAVA_INT, 0, length);
      parameters.setAtIndex(JAVA_INT, 1, length);
      if (exactCache) {
        keepKeysAndValuesInF32(parameters);
      }
      MemorySegment created = (MemorySegment) create.invokeExact(model, parameters);
      if (created.equals(MemorySegment.NULL)) {
        throw new IllegalStateException("llama.cpp gives no context of " + length + " tokens");
      }
      setThreads.invokeExact(created, threads, threads);
      return created;
    }
  }

  /// The fused attention sums values in 16 bits, so it is switched off too.
  private static void keepKeysAndValuesInF32(MemorySegment parameters) {
    if (parameters.get(JAVA_INT, KEY_TYPE) != F16 || parameters.get(JAVA_INT, VALUE_TYPE) != F16) {
      throw new IllegalStateException("this llama.cpp lays llama_context_params out otherwise");
    }
    parameters.set(JAVA_INT, FLASH_ATTENTION, 0);
    parameters.set(JAVA_INT, KEY_TYPE, F32);
    parameters.set(JAVA_INT, VALUE_TYPE, F32);
  }

  private MethodHandle pointer(String name) {
    return llama.function(name, FunctionDescriptor.of(ADDRESS, ADDRESS));
  }

  public int vocabularySize() {
    return vocabularySize;
  }

  /// Logits of every position, row-major, position × vocabulary, for one sequence of at most the
  /// context's length from an empty cache. The library's own memory: valid until the next call.
  public MemorySegment logits(int[] tokens) {
    if (tokens.length > length) {
      throw new IllegalArgumentException(tokens.length + " tokens in a context of " + length);
    }
    forget();
    return decode(tokens, true);
  }

  /// Begins a text anew.
  public void forget() {
    try {
      clear.invokeExact(memory, true);
    } catch (Throwable e) {
      throw Llama.failure(e);
    }
  }

  /// Goes on with a text: logits after the last of these tokens, in the library's own memory, valid
  /// until the next call.
  public MemorySegment read(int[] tokens) {
    return decode(tokens, false);
  }

  /// Logits after all tokens, or after the last.
  private MemorySegment decode(int[] tokens, boolean all) {
    try (Arena arena = Arena.ofConfined()) {
      int status = (int) decode.invokeExact(context, batch(tokens, all, arena));
      if (status != 0) {
        throw new IllegalStateException("llama_decode gives " + status);
      }
      MemorySegment logits = (MemorySegment) getLogits.invokeExact(context);
      return logits.reinterpret(4L * (all ? tokens.length : 1) * vocabularySize);
    } catch (Throwable e) {
      throw Llama.failure(e);
    }
  }

  /// As [#logits], copied: rows `from … to − 1`, one array each.
  public float[][] logits(int[] tokens, int from, int to) {
    MemorySegment all = logits(tokens);
    float[][] rows = new float[to - from][vocabularySize];
    for (int row = from; row < to; row++) {
      MemorySegment.copy(
          all, JAVA_FLOAT, 4L * row * vocabularySize, rows[row - from], 0, vocabularySize);
    }
    return rows;
  }

  /// Without positions and sequence ids, llama.cpp continues sequence 0 from its cache.
  private static MemorySegment batch(int[] tokens, boolean all, Arena arena) {
    byte[] outputs = new byte[tokens.length];
    Arrays.fill(outputs, all ? 0 : tokens.length - 1, tokens.length, (byte) 1);
    MemorySegment batch = arena.allocate(Llama.PARAMETERS);
    batch.set(JAVA_INT, 0, tokens.length);
    batch.set(ADDRESS, BATCH_TOKENS, arena.allocateFrom(JAVA_INT, tokens));
    batch.set(ADDRESS, BATCH_OUTPUTS, arena.allocateFrom(JAVA_BYTE, outputs));
    return batch;
  }

  @Override
  public void close() {
    try {
      llama.function("llama_free", FunctionDescriptor.ofVoid(ADDRESS)).invokeExact(context);
      llama.function("llama_model_free", FunctionDescriptor.ofVoid(ADDRESS)).invokeExact(model);
    } catch (Throwable e) {
      throw Llama.failure(e);
    }
  }
}
