package halftone.machine;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which machine code kernels are emitted for. The system property `halftone.instructions` chooses
/// one, `none` for no machine code at all; otherwise it is the best that runs here.
public enum InstructionSet {
  /// The virtual machine's own vectors.
  NONE,
  /// 512-bit vectors with products of bytes.
  AVX512_VNNI;

  private static final String PROPERTY = "halftone.instructions";

  private static volatile @Nullable InstructionSet chosen;

  /// The one of this process.
  ///
  /// @throws IllegalArgumentException when the property names none that runs here
  public static InstructionSet chosen() {
    InstructionSet known = chosen;
    if (known == null) {
      known = choose(System.getProperty(PROPERTY));
      chosen = known;
    }
    return known;
  }

  /// The best that CPU and operating system allow; none where machine code is not allowed at all.
  public static InstructionSet best() {
    try {
      return Cpu.hasAvx512Vnni() ? AVX512_VNNI : NONE;
    } catch (RuntimeException refused) {
      System.err.println(
          "halftone: no machine code here, it will be slow: " + refused.getMessage());
      return NONE;
    }
  }

  static InstructionSet choose(@Nullable String asked) {
    if (asked == null) {
      return best();
    }
    for (InstructionSet set : values()) {
      if (set.id().equals(asked)) {
        if (set != NONE && best() != set) {
          throw new IllegalArgumentException(PROPERTY + ": this machine has no " + asked);
        }
        return set;
      }
    }
    throw new IllegalArgumentException(
        "%s is 'none' or 'avx512-vnni', not '%s'".formatted(PROPERTY, asked));
  }

  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
