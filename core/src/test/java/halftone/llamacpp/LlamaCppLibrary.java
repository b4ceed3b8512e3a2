package halftone.llamacpp;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A folder holding the real llama.cpp as shared libraries (`libggml-base.so`, `libllama….so` …),
/// as in the npm package `@node-llama-cpp/linux-x64`.
///
/// The folder is named by the system property `halftone.llamacpp`, else by the environment variable
/// HALFTONE_LLAMACPP. Tests call [#assumed], which skips them with a message where there is none.
public record LlamaCppLibrary(Path folder) {
  private static final String BASE = "libggml-base.so";

  /// The configured folder; empty when none is configured, or it does not exist (Maven names the
  /// folder it would fetch into, fetched or not).
  ///
  /// @throws IllegalStateException when one is configured and holds no `libggml-base.so`
  public static Optional<LlamaCppLibrary> find() {
    return Stream.of(System.getProperty("halftone.llamacpp"), System.getenv("HALFTONE_LLAMACPP"))
        .filter(name -> name != null && !name.isBlank())
        .findFirst()
        .map(Path::of)
        .filter(Files::isDirectory)
        .map(LlamaCppLibrary::checked);
  }

  /// The configured folder; aborts the running test, which counts as skipped, when none is
  /// configured.
  public static LlamaCppLibrary assumed() {
    Optional<LlamaCppLibrary> found = find();
    Assumptions.assumeTrue(
        found.isPresent(),
        "no llama.cpp here: set -Dhalftone.llamacpp or HALFTONE_LLAMACPP to the folder of its .so files");
    return found.orElseThrow();
  }

  private static LlamaCppLibrary checked(Path folder) {
    if (!Files.isReadable(folder.resolve(BASE))) {
      throw new IllegalStateException(
          "halftone.llamacpp names " + folder + ", which holds no " + BASE);
    }
    return new LlamaCppLibrary(folder.toAbsolutePath());
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
