package halftone.kernel.trials;

import static halftone.machine.Register.R8;
import static halftone.machine.Register.R9;
import static halftone.machine.Register.RCX;
import static halftone.machine.Register.RDI;
import static halftone.machine.Register.RDX;
import static halftone.machine.Register.RSI;

import halftone.machine.Assembler;
import halftone.machine.InstructionSet;

/// Emits [halftone.numeric.ScaleTrials#round]: a function of the addresses of weights, steps,
/// offsets, codes and constants, and of how many times 32 weights there are. With vectors of 256
/// bits everywhere: dividing takes longer wider ones twice as long.
final class RoundingEmitter {
  /// Weights of a round, whose codes fill a vector.
  static final int TOGETHER = 32;

  private static final int LANES = Constants.LANES;
  private static final int VECTOR = Constants.VECTOR;

  // Constants, a vector each.
  private static final int MAGIC_AT = 0;
  private static final int MASK_AT = VECTOR;
  private static final int BIAS_AT = 2 * VECTOR;
  private static final int LEAST_AT = 3 * VECTOR;
  private static final int MOST_AT = 4 * VECTOR;
  private static final int ORDER_AT = 5 * VECTOR;

  /// Bits of a number with [VectorTrials#MAGIC] that count, and what they stand above.
  static final int LOW_BITS = 0x7FFFFF;

  static final int BIAS = 0x400000;

  private static final int STEP = 4;
  private static final int OFFSET = 5;
  private static final int MAGIC = 10;
  private static final int MASK = 11;
  private static final int MINUS_BIAS = 12;
  private static final int LEAST = 13;
  private static final int MOST = 14;
  private static final int ORDER = 15;

  private final Assembler a = new Assembler(InstructionSet.AVX2);
  private final int group;

  private RoundingEmitter(int group) {
    if (group % LANES != 0 || TOGETHER % group != 0) {
      throw new IllegalArgumentException("groups of " + group + " weights");
    }
    this.group = group;
  }

  /// @param group weights of a step: 8, 16 or 32
  static byte[] emit(int group) {
    return new RoundingEmitter(group).function();
  }

  static int[] constants(int least, int most) {
    return new Constants(6)
        .with(MAGIC_AT, VectorTrials.MAGIC)
        .with(MASK_AT, LOW_BITS)
        .with(BIAS_AT, -BIAS)
        .with(LEAST_AT, least)
        .with(MOST_AT, most)
        .withOrderOfBytes(ORDER_AT)
        .words();
  }

  private byte[] function() {
    a.vmovups(MAGIC, R8.at(MAGIC_AT));
    a.vmovdqu(MASK, R8.at(MASK_AT));
    a.vmovdqu(MINUS_BIAS, R8.at(BIAS_AT));
    a.vmovdqu(LEAST, R8.at(LEAST_AT));
    a.vmovdqu(MOST, R8.at(MOST_AT));
    a.vmovdqu(ORDER, R8.at(ORDER_AT));
    int round = a.label();
    for (int part = 0; part < TOGETHER / LANES; part++) {
      if (part * LANES % group == 0) {
        int number = part * LANES / group;
        a.vpbroadcastd(STEP, RSI.at(number * Float.BYTES));
        a.vpbroadcastd(OFFSET, RDX.at(number * Float.BYTES));
      }
      a.vmovups(part, RDI.at(part * VECTOR));
      a.vsubps(part, part, OFFSET);
      a.vdivps(part, part, STEP);
      a.vaddps(part, part, MAGIC);
      a.vpand(part, part, MASK);
      a.vpaddd(part, part, MINUS_BIAS);
      a.vpmaxsd(part, part, LEAST);
      a.vpminsd(part, part, MOST);
    }
    a.toBytes(0, 0, ORDER);
    a.vmovups(RCX.at(0), 0);
    a.add(RDI, TOGETHER * Float.BYTES);
    a.add(RSI, TOGETHER / group * Float.BYTES);
    a.add(RDX, TOGETHER / group * Float.BYTES);
    a.add(RCX, TOGETHER);
    a.dec(R9);
    a.jnz(round);
    a.vzeroupper();
    a.ret();
    return a.code();
  }
}
