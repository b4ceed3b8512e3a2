package halftone.kernel;

import jdk.incubator.vector.FloatVector;

/// What this process has for vectors: every kernel of this room needs them.
public final class VectorUnit {
  private static final String MODULE = "jdk.incubator.vector";

  private VectorUnit() {}

  /// Whether the Vector API is part of this process: `--add-modules jdk.incubator.vector`. Without
  /// it no other class of this room can be used.
  public static boolean isPresent() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  /// Bits of the vectors that the virtual machine prefers: 128, 256 or 512 on the CPUs of today; 0
  /// without the Vector API.
  public static int bits() {
    return isPresent() ? Width.bits() : 0;
  }

  /// A class of its own, because it cannot be loaded where the module is absent.
  private static final class Width {
    static int bits() {
      return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }
  }
}
