package halftone.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/// The tokenizer of a model file as llama.cpp reads it; no tensors are loaded.
public final class LlamaVocabulary implements AutoCloseable {
  /// Byte offsets in C's `struct llama_model_params`.
  private static final int OVERRIDES = 64;

  private static final int VOCABULARY_ONLY = 72;

  /// C's `struct llama_model_kv_override`: tag, 128 bytes of key, 128 bytes of value.
  private static final int OVERRIDE_SIZE = 264;

  private static final int OVERRIDE_VALUE = 136;
  private static final int STRING_OVERRIDE = 3;

  private final Llama llama;
  private final MemorySegment model;
  private final MemorySegment vocabulary;
  private final MethodHandle tokenize;
  private final MethodHandle detokenize;
  private final MethodHandle piece;
  private final MethodHandle ends;

  /// @param overrides string-valued metadata that replace the file's
  public static LlamaVocabulary load(Llama llama, Path file, Map<String, String> overrides) {
    MemorySegment model =
        llama.load(
            file,
            (parameters, arena) -> {
              parameters.set(ADDRESS, OVERRIDES, overrides(overrides, arena));
              parameters.set(JAVA_BYTE, VOCABULARY_ONLY, (byte) 1);
            });
    try {
      return new LlamaVocabulary(llama, model);
    } catch (Throwable e) {
      throw Llama.failure(e);
    }
  }

  /// C's array of `struct llama_model_kv_override`, ended by one without a key.
  private static MemorySegment overrides(Map<String, String> overrides, Arena arena) {
    MemorySegment array = arena.allocate((overrides.size() + 1L) * OVERRIDE_SIZE, Long.BYTES);
    long at = 0;
    for (Map.Entry<String, String> each : overrides.entrySet()) {
      array.set(JAVA_INT, at, STRING_OVERRIDE);
      array.setString(at + Integer.BYTES, each.getKey());
      array.setString(at + OVERRIDE_VALUE, each.getValue());
      at += OVERRIDE_SIZE;
    }
    return array;
  }

  private LlamaVocabulary(Llama llama, MemorySegment model) throws Throwable {
    this.llama = llama;
    this.model = model;
    vocabulary =
        (MemorySegment)
            llama
                .function("llama_model_get_vocab", FunctionDescriptor.of(ADDRESS, ADDRESS))
                .invokeExact(model);
    tokenize =
        llama.function(
            "llama_tokenize",
            FunctionDescriptor.of(
                JAVA_INT,
                ADDRESS,
                ADDRESS,
                JAVA_INT,
                ADDRESS,
                JAVA_INT,
                JAVA_BOOLEAN,
                JAVA_BOOLEAN));
    detokenize =
        llama.function(
            "llama_detokenize",
            FunctionDescriptor.of(
                JAVA_INT,
                ADDRESS,
                ADDRESS,
                JAVA_INT,
                ADDRESS,
                JAVA_INT,
                JAVA_BOOLEAN,
                JAVA_BOOLEAN));
    piece =
        llama.function(
            "llama_token_to_piece",
            FunctionDescriptor.of(
                JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_BOOLEAN));
    ends =
        llama.function(
            "llama_vocab_is_eog", FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS, JAVA_INT));
  }

  /// Token ids of a text.
  ///
  /// @param special adds the model's own beginning and end tokens
  /// @param parse turns the text of control tokens (`<|im_start|>`) into those tokens
  public int[] tokenize(String text, boolean special, boolean parse) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = arena.allocate(bytes.length + 1L);
      MemorySegment.copy(bytes, 0, in, JAVA_BYTE, 0, bytes.length);
      int room = 2 * bytes.length + 8;
      MemorySegment out = arena.allocate(JAVA_INT, room);
      int count =
          (int) tokenize.invokeExact(vocabulary, in, bytes.length, out, room, special, parse);
      return out.asSlice(0, 4L * room(count, room)).toArray(JAVA_INT);
    } catch (Throwable e) {
      throw Llama.failure(e);
    }
  }

  /// The text of tokens, special ones as their text.
  public byte[] detokenize(int[] ids) {
    try (Arena arena = Arena.ofConfined()) {
      int room = 64 * ids.length + 64;
      MemorySegment out = arena.allocate(room);
      MemorySegment in = arena.allocateFrom(JAVA_INT, ids);
      int count = (int) detokenize.invokeExact(vocabulary, in, ids.length, out, room, false, true);
      return out.asSlice(0, room(count, room)).toArray(JAVA_BYTE);
    } catch (Throwable e) {
      throw Llama.failure(e);
    }
  }

  /// The bytes of one token, a special one as its text.
  public byte[] piece(int id) {
    try (Arena arena = Arena.ofConfined()) {
      int room = 1024;
      MemorySegment out = arena.allocate(room);
      int count = (int) piece.invokeExact(vocabulary, id, out, room, 0, true);
      return out.asSlice(0, room(count, room)).toArray(JAVA_BYTE);
    } catch (Throwable e) {
      throw Llama.failure(e);
    }
  }

  /// Whether generation stops at this token.
  public boolean ends(int id) {
    try {
      return (boolean) ends.invokeExact(vocabulary, id);
    } catch (Throwable e) {
      throw Llama.failure(e);
    }
  }

  private static int room(int count, int room) {
    if (count < 0) {
      throw new IllegalStateException("llama.cpp needs room for " + -count + ", not " + room);
    }
    return count;
  }

  @Override
  public void close() {
    try {
      llama.function("llama_model_free", FunctionDescriptor.ofVoid(ADDRESS)).invokeExact(model);
    } catch (Throwable e) {
      throw Llama.failure(e);
    }
  }
}
