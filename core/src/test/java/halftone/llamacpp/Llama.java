package halftone.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// `libllama` with a CPU library behind it: loads models, and quantizes files as `llama-quantize`
/// does.
///
/// A process holds one CPU library for its whole life; comparing two takes two processes, see
/// [LlamaLogits]. Structures passed by value are declared larger than they are: the callee reads
/// only its own leading bytes.
public final class Llama {
  /// Room for any of llama.cpp's parameter structures.
  static final MemoryLayout PARAMETERS =
      MemoryLayout.structLayout(MemoryLayout.sequenceLayout(64, JAVA_LONG));

  /// Byte offsets in C's `struct llama_model_params`.
  private static final int OVERRIDES = 64;

  private static final int VOCABULARY_ONLY = 72;

  /// C's `struct llama_model_kv_override`: tag, 128 bytes of key, 128 bytes of value.
  private static final int OVERRIDE_SIZE = 264;

  private static final int OVERRIDE_VALUE = 136;
  private static final int STRING_OVERRIDE = 3;

  private final SymbolLookup library;
  private final MethodHandle modelDefaults;
  private final MethodHandle loadModel;
  private final MethodHandle quantizeDefaults;
  private final MethodHandle quantize;

  private Llama(SymbolLookup library) {
    this.library = library;
    modelDefaults = function("llama_model_default_params", FunctionDescriptor.of(PARAMETERS));
    loadModel =
        function("llama_model_load_from_file", FunctionDescriptor.of(ADDRESS, ADDRESS, PARAMETERS));
    quantizeDefaults =
        function("llama_model_quantize_default_params", FunctionDescriptor.of(PARAMETERS));
    quantize =
        function(
            "llama_model_quantize", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
  }

  /// With the CPU library that llama.cpp itself picks on this machine.
  public static Llama open(LlamaCppLibrary files) {
    return open(files, "");
  }

  /// With the CPU library of this name: `haswell`, `icelake`, `zen4` … An empty name lets llama.cpp
  /// pick.
  ///
  /// @throws IllegalStateException when the library cannot be loaded, or a name is given and this
  ///   process already holds a CPU library
  public static Llama open(LlamaCppLibrary files, String cpu) {
    SymbolLookup ggml = files.open("libggml.");
    SymbolLookup llama = files.open("libllama.");
    Llama opened = new Llama(llama);
    opened.silence();
    loadCpu(ggml, files.folder(), cpu);
    try {
      opened.function("llama_backend_init", FunctionDescriptor.ofVoid()).invokeExact();
    } catch (Throwable e) {
      throw failure(e);
    }
    return opened;
  }

  private static void loadCpu(SymbolLookup ggml, Path folder, String cpu) {
    MethodHandle count =
        LlamaCppLibrary.function(ggml, "ggml_backend_reg_count", FunctionDescriptor.of(JAVA_LONG));
    try (Arena arena = Arena.ofConfined()) {
      boolean loaded = (long) count.invokeExact() > 0;
      if (loaded && !cpu.isEmpty()) {
        throw new IllegalStateException("this process already holds a CPU library of llama.cpp");
      }
      if (!loaded) {
        load(ggml, folder, cpu, arena);
      }
      if ((long) count.invokeExact() == 0) {
        throw new IllegalStateException(folder + " holds no CPU library " + cpu + " that loads");
      }
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  private static void load(SymbolLookup ggml, Path folder, String cpu, Arena arena)
      throws Throwable {
    if (cpu.isEmpty()) {
      MethodHandle all =
          LlamaCppLibrary.function(
              ggml, "ggml_backend_load_all_from_path", FunctionDescriptor.ofVoid(ADDRESS));
      all.invokeExact(arena.allocateFrom(folder.toString()));
      return;
    }
    Path file = folder.resolve("libggml-cpu-" + cpu + ".so");
    if (!Files.isReadable(file)) {
      throw new IllegalStateException("no " + file);
    }
    MethodHandle one =
        LlamaCppLibrary.function(
            ggml, "ggml_backend_load", FunctionDescriptor.of(ADDRESS, ADDRESS));
    MemorySegment ignored = (MemorySegment) one.invokeExact(arena.allocateFrom(file.toString()));
  }

  /// Loads a model for inference on `threads` threads, with contexts of `length` tokens.
  public LlamaModel load(Path file, int length, int threads) {
    return load(file, length, threads, false);
  }

  /// As [#load], with keys and values kept in F32.
  public LlamaModel loadExact(Path file, int length, int threads) {
    return load(file, length, threads, true);
  }

  private LlamaModel load(Path file, int length, int threads, boolean exactCache) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment parameters = (MemorySegment) modelDefaults.invoke(arena);
      MemorySegment model =
          (MemorySegment) loadModel.invokeExact(arena.allocateFrom(file.toString()), parameters);
      if (model.equals(MemorySegment.NULL)) {
        throw new IllegalStateException("llama.cpp cannot load " + file);
      }
      return new LlamaModel(this, model, length, threads, exactCache);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /// Loads a model's tokenizer alone.
  ///
  /// @param overrides string-valued metadata that replace the file's
  public LlamaVocabulary loadVocabulary(Path file, Map<String, String> overrides) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment parameters = (MemorySegment) modelDefaults.invoke(arena);
      parameters.set(ADDRESS, OVERRIDES, overrides(overrides, arena));
      parameters.set(JAVA_BYTE, VOCABULARY_ONLY, (byte) 1);
      MemorySegment model =
          (MemorySegment) loadModel.invokeExact(arena.allocateFrom(file.toString()), parameters);
      if (model.equals(MemorySegment.NULL)) {
        throw new IllegalStateException("llama.cpp cannot load the vocabulary of " + file);
      }
      return new LlamaVocabulary(this, model);
    } catch (Throwable e) {
      throw failure(e);
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

  /// The text that llama.cpp makes of a chat by the template it recognises.
  ///
  /// @param chat role, content, role, content …
  public String chat(String template, List<String> chat, boolean prompt) {
    MethodHandle apply =
        function(
            "llama_chat_apply_template",
            FunctionDescriptor.of(
                JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_BOOLEAN, ADDRESS, JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment messages = arena.allocate(ADDRESS, chat.size());
      for (int i = 0; i < chat.size(); i++) {
        messages.setAtIndex(ADDRESS, i, arena.allocateFrom(chat.get(i)));
      }
      int room = 1 << 16;
      MemorySegment out = arena.allocate(room);
      MemorySegment text = arena.allocateFrom(template);
      int count = (int) apply.invokeExact(text, messages, chat.size() / 2L, prompt, out, room);
      if (count < 0 || count > room) {
        throw new IllegalStateException("llama_chat_apply_template gives " + count);
      }
      return new String(out.asSlice(0, count).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /// Writes `target`: `source` in another mixture.
  ///
  /// @throws IllegalStateException when llama.cpp refuses
  public void quantize(Path source, Path target, LlamaMixture mixture) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment parameters = (MemorySegment) quantizeDefaults.invoke(arena);
      mixture.write(parameters, arena);
      int status =
          (int)
              quantize.invokeExact(
                  arena.allocateFrom(source.toString()),
                  arena.allocateFrom(target.toString()),
                  parameters);
      if (status != 0) {
        throw new IllegalStateException(
            "llama.cpp cannot write " + source + " as " + mixture.fileType());
      }
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /// The bytes of `llama_model_quantize_default_params()`, to check the layout that [LlamaMixture]
  /// assumes.
  byte[] quantizeDefaults() {
    try (Arena arena = Arena.ofConfined()) {
      return ((MemorySegment) quantizeDefaults.invoke(arena)).toArray(JAVA_BYTE);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  MethodHandle function(String name, FunctionDescriptor type) {
    return LlamaCppLibrary.function(library, name, type);
  }

  static RuntimeException failure(Throwable e) {
    return e instanceof RuntimeException known ? known : new IllegalStateException(e);
  }

  /// llama.cpp writes its progress to standard error; a test has no use for it.
  private void silence() {
    try {
      MethodHandle ignore =
          MethodHandles.empty(
              MethodType.methodType(
                  void.class, int.class, MemorySegment.class, MemorySegment.class));
      MemorySegment callback =
          Linker.nativeLinker()
              .upcallStub(
                  ignore, FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, ADDRESS), Arena.global());
      MethodHandle set = function("llama_log_set", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS));
      set.invokeExact(callback, MemorySegment.NULL);
    } catch (Throwable e) {
      throw failure(e);
    }
  }
}
