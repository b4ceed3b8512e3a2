package halftone.machine;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which machine code kernels are emitted for. The system property `halftone.instructions` chooses
/// one, `none` for no machine code at all; otherwise it is the best that runs here.
public enum InstructionSet {
  /// The virtual machine's own instructions.
  NONE,
  /// 512-bit vectors with products of bytes.
  AVX512_VNNI;

  private static final String PROPERTY = "halftone.instructions";

  /// What this process was asked for, and what runs here.
  private static final @Nullable String ASKED = System.getProperty(PROPERTY);

  private static final Found FOUND = find();

  /// @param refusal why the system runs no machine code; null where it does
  private record Found(InstructionSet best, @Nullable String refusal) {}

  /// The one of this process.
  ///
  /// @throws IllegalArgumentException when the property names none that runs here
  public static InstructionSet chosen() {
    return choose(ASKED);
  }

  /// The best that CPU and operating system allow; none where machine code is not allowed at all.
  public static InstructionSet best() {
    return FOUND.best();
  }

  /// Why the system runs no machine code; null where it does, or the CPU has nothing to gain by it.
  public static @Nullable String refusal() {
    return FOUND.refusal();
  }

  private static Found find() {
    try {
      return new Found(Cpu.hasAvx512Vnni() ? AVX512_VNNI : NONE, null);
    } catch (RuntimeException refused) {
      return new Found(NONE, String.valueOf(refused.getMessage()));
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
