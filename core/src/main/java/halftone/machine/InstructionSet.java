package halftone.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which machine code kernels are emitted for. The system property `halftone.instructions` chooses
/// one, `none` for no machine code at all; otherwise it is the best that runs here.
public enum InstructionSet {
  /// The virtual machine's own instructions.
  NONE(0),
  /// 256-bit vectors, products of bytes in 16 bits.
  AVX2(32),
  /// 256-bit vectors, products of bytes in 32 bits.
  AVX_VNNI(32),
  /// 512-bit vectors, products of bytes in 32 bits.
  AVX512_VNNI(64);

  private static final String PROPERTY = "halftone.instructions";

  /// What this process was asked for, and what runs here.
  private static final @Nullable String ASKED = System.getProperty(PROPERTY);

  private static final Found FOUND = find();

  private final int vectorBytes;

  InstructionSet(int vectorBytes) {
    this.vectorBytes = vectorBytes;
  }

  /// @param refusal why the system runs no machine code; null where it does
  private record Found(Cpu cpu, @Nullable String refusal) {}

  /// The one of this process.
  ///
  /// @throws IllegalArgumentException when the property names none that runs here
  public static InstructionSet chosen() {
    return choose(ASKED, usable());
  }

  /// The best that CPU and operating system allow; none where machine code is not allowed at all.
  public static InstructionSet best() {
    return usable().getLast();
  }

  /// All that run here, the best last.
  public static List<InstructionSet> usable() {
    Cpu cpu = FOUND.cpu();
    List<InstructionSet> usable = new ArrayList<>(List.of(NONE));
    if (cpu.avx2()) {
      usable.add(AVX2);
    }
    if (cpu.avxVnni() || cpu.avx512Vnni()) {
      usable.add(AVX_VNNI);
    }
    if (cpu.avx512Vnni()) {
      usable.add(AVX512_VNNI);
    }
    return usable;
  }

  /// Why the system runs no machine code; null where it does, or the CPU has nothing to gain by it.
  public static @Nullable String refusal() {
    return FOUND.refusal();
  }

  /// Whether [#AVX_VNNI] is the CPU's own, with the VEX prefix, and not the half of AVX-512's.
  static boolean hasVexVnni() {
    return FOUND.cpu().avxVnni();
  }

  private static Found find() {
    try {
      return new Found(Cpu.here(), null);
    } catch (RuntimeException refused) {
      return new Found(new Cpu(false, false, false), String.valueOf(refused.getMessage()));
    }
  }

  static InstructionSet choose(@Nullable String asked, List<InstructionSet> usable) {
    if (asked == null) {
      return usable.getLast();
    }
    for (InstructionSet set : values()) {
      if (set.id().equals(asked)) {
        if (!usable.contains(set)) {
          throw new IllegalArgumentException(PROPERTY + ": this machine has no " + asked);
        }
        return set;
      }
    }
    throw new IllegalArgumentException(
        "%s is %s, not '%s'"
            .formatted(
                PROPERTY,
                List.of(values()).stream()
                    .map(set -> "'" + set.id() + "'")
                    .collect(Collectors.joining(" or ")),
                asked));
  }

  /// Bytes of the vectors that it works on; 0 for none.
  public int vectorBytes() {
    return vectorBytes;
  }

  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
