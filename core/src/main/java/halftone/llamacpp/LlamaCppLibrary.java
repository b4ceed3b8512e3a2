package halftone.llamacpp;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A folder holding the real llama.cpp as shared libraries (`libggml-base.so`, `libllama….so` …),
/// as in the npm package `@node-llama-cpp/linux-x64`.
public record LlamaCppLibrary(Path folder) {
  private static final String BASE = "libggml-base.so";
  private static final String CPU = "libggml-cpu-";
  private static final String SUFFIX = ".so";

  /// @throws IllegalArgumentException when the folder holds no `libggml-base.so`
  public static LlamaCppLibrary in(Path folder) {
    if (!Files.isReadable(folder.resolve(BASE))) {
      throw new IllegalArgumentException(
          "%s holds no %s; name the folder of llama.cpp's .so files".formatted(folder, BASE));
    }
    return new LlamaCppLibrary(folder.toAbsolutePath());
  }

  /// The file of the CPU library of this name: `haswell`, `icelake`, `zen4` …
  ///
  /// @throws IllegalArgumentException naming what there is
  Path cpuLibrary(String name) {
    Path file = folder.resolve(CPU + name + SUFFIX);
    if (Files.isReadable(file)) {
      return file;
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names =
          files
              .map(path -> path.getFileName().toString())
              .filter(each -> each.startsWith(CPU) && each.endsWith(SUFFIX))
              .map(each -> each.substring(CPU.length(), each.length() - SUFFIX.length()))
              .sorted()
              .toList();
      throw new IllegalArgumentException(
          "%s has no CPU library '%s'; there are %s".formatted(folder, name, names));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// Opens the library whose file name starts with `stem`: `libggml-base`, `libllama.` …; it stays
  /// open.
  public SymbolLookup open(String stem) {
    try (Stream<Path> files = Files.list(folder)) {
      Path file =
          files
              .filter(path -> path.getFileName().toString().startsWith(stem))
              .sorted()
              .findFirst()
              .orElseThrow(() -> new IllegalStateException(folder + " holds no " + stem + "*"));
      return SymbolLookup.libraryLookup(file, Arena.global());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// A handle on the C function `name`.
  public static MethodHandle function(SymbolLookup library, String name, FunctionDescriptor type) {
    MemorySegment address =
        library
            .find(name)
            .orElseThrow(() -> new IllegalStateException("llama.cpp exports no " + name));
    return Linker.nativeLinker().downcallHandle(address, type);
  }
}
