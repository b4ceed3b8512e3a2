package halftone.llamacpp;

import static java.lang.foreign.ValueLayout.ADDRESS;
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
import java.nio.file.Path;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// `libllama` with a CPU library behind it, which loads models.
///
/// A process holds one CPU library for its whole life; comparing two takes two processes.
/// Structures passed by value are declared larger than they are: the callee reads only its own
/// leading bytes.
public final class Llama {
  /// Room for any of llama.cpp's parameter structures.
  static final MemoryLayout PARAMETERS =
      MemoryLayout.structLayout(MemoryLayout.sequenceLayout(64, JAVA_LONG));

  private final SymbolLookup library;
  private final MethodHandle modelDefaults;
  private final MethodHandle loadModel;

  private Llama(SymbolLookup library) {
    this.library = library;
    modelDefaults = function("llama_model_default_params", FunctionDescriptor.of(PARAMETERS));
    loadModel =
        function("llama_model_load_from_file", FunctionDescriptor.of(ADDRESS, ADDRESS, PARAMETERS));
  }

  /// With the CPU library that llama.cpp itself picks on this machine.
  public static Llama open(LlamaCppLibrary files) {
    return open(files, "");
  }

  /// With the CPU library of this name: `haswell`, `icelake`, `zen4` … An empty name lets llama.cpp
  /// pick.
  ///
  /// @throws IllegalArgumentException when there is none of this name
  /// @throws IllegalStateException when the library cannot be loaded, or a name is given and this
  ///   process already holds a CPU library
  public static Llama open(LlamaCppLibrary files, String cpu) {
    SymbolLookup ggml = files.open("libggml.");
    SymbolLookup llama = files.open("libllama.");
    Llama opened = new Llama(llama);
    opened.silence();
    loadCpu(ggml, files, cpu);
    try {
      opened.function("llama_backend_init", FunctionDescriptor.ofVoid()).invokeExact();
    } catch (Throwable e) {
      throw failure(e);
    }
    return opened;
  }

  private static void loadCpu(SymbolLookup ggml, LlamaCppLibrary files, String cpu) {
    Path file = cpu.isEmpty() ? null : files.cpuLibrary(cpu);
    MethodHandle count =
        LlamaCppLibrary.function(ggml, "ggml_backend_reg_count", FunctionDescriptor.of(JAVA_LONG));
    try (Arena arena = Arena.ofConfined()) {
      boolean loaded = (long) count.invokeExact() > 0;
      if (loaded && file != null) {
        throw new IllegalStateException("this process already holds a CPU library of llama.cpp");
      }
      if (!loaded) {
        load(ggml, files, file, arena);
      }
      if ((long) count.invokeExact() == 0) {
        throw new IllegalStateException(
            "%s: its CPU library %s does not run here".formatted(files.folder(), cpu));
      }
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /// @param file the CPU library, or null for llama.cpp's own choice
  private static void load(
      SymbolLookup ggml, LlamaCppLibrary files, @Nullable Path file, Arena arena) throws Throwable {
    if (file == null) {
      MethodHandle all =
          LlamaCppLibrary.function(
              ggml, "ggml_backend_load_all_from_path", FunctionDescriptor.ofVoid(ADDRESS));
      all.invokeExact(arena.allocateFrom(files.folder().toString()));
      return;
    }
    MethodHandle one =
        LlamaCppLibrary.function(
            ggml, "ggml_backend_load", FunctionDescriptor.of(ADDRESS, ADDRESS));
    MemorySegment ignored = (MemorySegment) one.invokeExact(arena.allocateFrom(file.toString()));
  }

  /// Writes a model in a mixture of types, as `llama-quantize` does.
  ///
  /// @param fileType the mixture's number, `general.file_type` of what it writes
  /// @throws IllegalArgumentException when llama.cpp refuses, as it does a model that is quantized
  public void quantize(Path from, Path to, int fileType, int threads) {
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle defaults =
          function("llama_model_quantize_default_params", FunctionDescriptor.of(PARAMETERS));
      MethodHandle quantize =
          function(
              "llama_model_quantize", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
      MemorySegment parameters = (MemorySegment) defaults.invoke(arena);
      parameters.setAtIndex(JAVA_INT, 0, threads);
      parameters.setAtIndex(JAVA_INT, 1, fileType);
      int refused =
          (int)
              quantize.invokeExact(
                  arena.allocateFrom(from.toString()),
                  arena.allocateFrom(to.toString()),
                  parameters);
      if (refused != 0) {
        throw new IllegalArgumentException(
            "llama.cpp does not quantize %s; it takes files of 16 or 32 bits".formatted(from));
      }
    } catch (Throwable e) {
      throw failure(e);
    }
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
    try {
      return new LlamaModel(
          this, load(file, (parameters, arena) -> {}), length, threads, exactCache);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /// C's `struct llama_model *`.
  ///
  /// @param change done to C's `struct llama_model_params`, in memory that is freed after loading
  MemorySegment load(Path file, BiConsumer<MemorySegment, Arena> change) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment parameters = (MemorySegment) modelDefaults.invoke(arena);
      change.accept(parameters, arena);
      MemorySegment model =
          (MemorySegment) loadModel.invokeExact(arena.allocateFrom(file.toString()), parameters);
      if (model.equals(MemorySegment.NULL)) {
        throw new IllegalArgumentException("llama.cpp cannot load " + file);
      }
      return model;
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

  /// llama.cpp writes its progress to standard error, where it would stand among our own.
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
