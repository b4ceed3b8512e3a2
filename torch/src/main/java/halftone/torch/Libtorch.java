package halftone.torch;

import halftone.evidence.GradientsUnavailableException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/// The native library. It is loaded on first use, never at start-up: the first time on a machine it
/// is unpacked into a cache, about 300 MB.
public final class Libtorch {
  private Libtorch() {}

  /// Loads the library; does nothing when it is there.
  ///
  /// @throws GradientsUnavailableException when there is none for this platform, or it does not
  ///   load
  public static void load() {
    try {
      letIdleThreadsSleep();
      Loader.load(torch.class);
    } catch (LinkageError e) {
      throw new GradientsUnavailableException(
          "libtorch, which gradients need, does not load on "
              + Loader.getPlatform()
              + ": "
              + reason(e),
          e);
    }
  }

  /// libtorch's own threads and those of its matrix products are two pools for the same processors;
  /// where OpenMP's idle ones keep spinning, as they do unless told otherwise, both lose a third of
  /// their speed. OpenMP reads the environment once, when it is loaded; a value that is there
  /// stays.
  private static void letIdleThreadsSleep() {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> function = linker.defaultLookup().find("setenv");
    if (function.isEmpty()) {
      return;
    }
    FunctionDescriptor signature =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    MethodHandle setenv = linker.downcallHandle(function.get(), signature);
    try (Arena arena = Arena.ofConfined()) {
      int done =
          (int)
              setenv.invokeExact(
                  arena.allocateFrom("OMP_WAIT_POLICY"), arena.allocateFrom("passive"), 0);
      if (done != 0) {
        throw new IllegalStateException("setenv failed");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static String reason(LinkageError error) {
    Throwable cause = error.getCause() == null ? error : error.getCause();
    String message = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    return message.isEmpty() ? "no reason given" : message.replaceAll("\\.$", "");
  }
}
