package halftone.torch;

import halftone.evidence.GradientsUnavailableException;
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

  private static String reason(LinkageError error) {
    Throwable cause = error.getCause() == null ? error : error.getCause();
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason given");
  }
}
