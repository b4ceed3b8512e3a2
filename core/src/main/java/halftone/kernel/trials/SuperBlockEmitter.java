package halftone.kernel.trials;

import static halftone.machine.Register.R8;
import static halftone.machine.Register.R9;
import static halftone.machine.Register.RCX;
import static halftone.machine.Register.RDI;
import static halftone.machine.Register.RDX;
import static halftone.machine.Register.RSI;
import static halftone.machine.Register.RSP;

import halftone.machine.Assembler;
import halftone.machine.InstructionSet;
import halftone.numeric.DirectBlock;
import halftone.numeric.Groups;
import halftone.numeric.ScaleTrials;

/// Emits what makes blocks of [DirectBlock#Q6_K] of their groups' scales: a function of the
/// addresses of weights, of the blocks' bytes, of the results of the search and of constants, of
/// how many blocks there are, and of the address of a word for each block. That is for the bits of
/// its largest magnitude, or of what is no number where a group that is not all zero has no step;
/// from [#TOO_LARGE] on the block's bytes mean nothing. With vectors of 256 bits everywhere, as
/// [RoundingEmitter].
final class SuperBlockEmitter {
  /// Bits of the first magnitude that is not usual.
  static final int TOO_LARGE = Float.floatToRawIntBits(0x1p15f);

  private static final int VECTOR = Constants.VECTOR;

  /// Weights of a round, whose codes fill a vector.
  private static final int TOGETHER = 32;

  private static final int ROUNDS = DirectBlock.Q6_K.weights() / TOGETHER;
  private static final int SCALE_VECTORS = Groups.TOGETHER / Constants.LANES;
  private static final int GROUP = DirectBlock.Q6_K.weights() / Groups.TOGETHER;

  // Places in a block.
  private static final int HIGH_BITS = 128;
  private static final int SCALES = 192;
  private static final int SCALE_OF_ALL = 208;

  // Constants.
  private static final int MAGNITUDE_AT = 0;
  private static final int LOW_BITS_AT = VECTOR;
  private static final int MAGIC_AT = 2 * VECTOR;
  private static final int SCALE_BIAS_AT = 3 * VECTOR;
  private static final int MOST_SCALE_AT = 4 * VECTOR;
  private static final int CODE_BIAS_AT = 5 * VECTOR;
  private static final int MOST_CODE_AT = 6 * VECTOR;
  private static final int ORDER_AT = 7 * VECTOR;
  private static final int LEAST_SCALE_AT = 8 * VECTOR;
  private static final int TINY_AT = 9 * VECTOR;
  private static final int ONE_AT = 10 * VECTOR;
  private static final int NIBBLES_AT = 11 * VECTOR;
  private static final int PAIRS_AT = 12 * VECTOR;
  private static final int SECOND_PAIRS_AT = 13 * VECTOR;
  private static final int THIRD_PAIRS_AT = 14 * VECTOR;
  private static final int PLACES_AT = 15 * VECTOR;

  /// Registers of a half of the block: a vector of codes of each 32 weights.
  private static final int CODES = 4;

  private static final int STEP = 8;
  private static final int OTHER = 9;
  private static final int MAGIC = 10;
  private static final int CODE_BIAS = 11;
  private static final int MOST_CODE = 12;
  private static final int ORDER = 13;
  private static final int ZERO = 14;
  private static final int LARGEST = 15;

  // Registers of the scales, before there are codes.
  private static final int MAX = 2;
  private static final int FIRST = 3;
  private static final int D = 3;
  private static final int MASK = 4;
  private static final int INVERSE = 5;
  private static final int NO_SCALE = 6;
  private static final int SCALE_CODES = 7;
  private static final int MAGNITUDE = 8;

  /// Memory below the stack that belongs to a function which calls no other: the groups' steps, and
  /// which have none.
  private static final int STEPS = -4 * VECTOR;

  private static final int NO_STEPS = -2 * VECTOR;

  private final Assembler a = new Assembler(InstructionSet.AVX2);

  private SuperBlockEmitter() {}

  static byte[] emit() {
    return new SuperBlockEmitter().function();
  }

  static int[] constants() {
    int limit = DirectBlock.Q6_K.limit();
    return new Constants(PLACES_AT / VECTOR + SCALE_VECTORS)
        .with(MAGNITUDE_AT, Integer.MAX_VALUE)
        .with(LOW_BITS_AT, RoundingEmitter.LOW_BITS)
        .with(MAGIC_AT, VectorTrials.MAGIC)
        .with(SCALE_BIAS_AT, -RoundingEmitter.BIAS)
        .with(MOST_SCALE_AT, Byte.MAX_VALUE)
        .with(CODE_BIAS_AT, limit - RoundingEmitter.BIAS)
        .with(MOST_CODE_AT, 2 * limit - 1)
        .withOrderOfBytes(ORDER_AT)
        .with(LEAST_SCALE_AT, (float) Byte.MIN_VALUE)
        .with(TINY_AT, ScaleTrials.TINY)
        .with(ONE_AT, 1f)
        .with(NIBBLES_AT, 0x0F0F0F0F)
        .with(PAIRS_AT, 0x03030303)
        .with(SECOND_PAIRS_AT, 0x0C0C0C0C)
        .with(THIRD_PAIRS_AT, 0x30303030)
        .withPlaces(PLACES_AT, SCALE_VECTORS)
        .words();
  }

  private byte[] function() {
    a.vmovups(MAGIC, RCX.at(MAGIC_AT));
    a.vmovdqu(CODE_BIAS, RCX.at(CODE_BIAS_AT));
    a.vmovdqu(MOST_CODE, RCX.at(MOST_CODE_AT));
    a.vmovdqu(ORDER, RCX.at(ORDER_AT));
    a.vpxor(ZERO, ZERO, ZERO);
    int block = a.label();
    a.vpxor(LARGEST, LARGEST, LARGEST);
    scales();
    for (int half = 0; half < 2; half++) {
      for (int round = 0; round < ROUNDS / 2; round++) {
        round(half * (ROUNDS / 2) + round, CODES + round);
      }
      storeHalf(half);
    }
    a.toAllLanes(LARGEST, OTHER, () -> a.vpmaxsd(LARGEST, LARGEST, OTHER));
    a.vmovss(R9.at(0), LARGEST);
    a.add(R9, Integer.BYTES);
    a.add(RDI, DirectBlock.Q6_K.weights() * Float.BYTES);
    a.add(RSI, DirectBlock.Q6_K.bytes());
    a.add(RDX, Groups.RESULTS);
    a.dec(R8);
    a.jnz(block);
    a.vzeroupper();
    a.ret();
    return a.code();
  }

  /// The scales' codes and the half that they count in; steps go into memory.
  private void scales() {
    a.vmovups(0, RDX.at(Groups.SCALE));
    a.vmovups(1, RDX.at(Groups.SCALE + VECTOR));
    findLargestScale();
    a.vmovups(OTHER, RCX.at(LEAST_SCALE_AT));
    a.vdivps(INVERSE, OTHER, MAX);
    a.vmovups(OTHER, RCX.at(ONE_AT));
    a.vdivps(D, OTHER, INVERSE);
    a.vcvtps2ph(D, D);
    a.blend(D, D, ZERO, NO_SCALE);
    // Two bytes too early: the codes of the scales cover them.
    a.vmovss(RSI.at(SCALE_OF_ALL - Short.BYTES), D);
    a.vmovups(RSP.at(STEPS), D);
    a.vcvtph2ps(D, RSP.at(STEPS));
    for (int v = 0; v < SCALE_VECTORS; v++) {
      a.vmulps(v, v, INVERSE);
      a.vaddps(v, v, MAGIC);
      a.vpand(v, v, RCX.at(LOW_BITS_AT));
      a.vmovdqu(OTHER, RCX.at(SCALE_BIAS_AT));
      a.vpaddd(v, v, OTHER);
      a.vmovdqu(OTHER, RCX.at(MOST_SCALE_AT));
      a.vpminsd(v, v, OTHER);
      a.blend(v, v, ZERO, NO_SCALE);
    }
    a.vpackssdw(SCALE_CODES, 0, 1);
    a.vpacksswb(SCALE_CODES, SCALE_CODES, SCALE_CODES);
    a.vpermps(SCALE_CODES, ORDER, SCALE_CODES);
    a.vextractf128(RSI.at(SCALES), SCALE_CODES, 0);
    for (int v = 0; v < SCALE_VECTORS; v++) {
      a.vcvtdq2ps(v, v);
      a.vmulps(v, v, D);
      a.vmovups(RSP.at(STEPS + v * VECTOR), v);
      noteMissingStep(v);
    }
  }

  /// Groups of zeros have no step, and the least code; other groups without a step are not usual.
  private void noteMissingStep(int v) {
    a.vpand(OTHER, v, RCX.at(MAGNITUDE_AT));
    a.vpcmpeqd(OTHER, OTHER, ZERO);
    a.vmovups(RSP.at(NO_STEPS + v * VECTOR), OTHER);
    a.vmovups(MASK, RDX.at(Groups.INVERSE + v * VECTOR));
    a.vpand(MASK, MASK, RCX.at(MAGNITUDE_AT));
    a.vpcmpgtd(MASK, MASK, ZERO);
    a.vpand(OTHER, OTHER, MASK);
    a.vpand(OTHER, OTHER, RCX.at(MAGNITUDE_AT));
    a.vpmaxsd(LARGEST, LARGEST, OTHER);
  }

  private void findLargestScale() {
    a.vmovdqu(MAGNITUDE, RCX.at(MAGNITUDE_AT));
    SignedLargest largest =
        new SignedLargest(a, SCALE_VECTORS, MAX, MAGNITUDE, FIRST, OTHER, INVERSE, MASK);
    largest.find();
    a.vmovups(OTHER, RCX.at(TINY_AT));
    a.vpcmpgtd(NO_SCALE, OTHER, MAX);
    largest.sign(RCX.at(PLACES_AT));
  }

  /// Codes of 32 weights, counted from the least one.
  private void round(int number, int to) {
    for (int part = 0; part < TOGETHER / Constants.LANES; part++) {
      int weight = number * TOGETHER + part * Constants.LANES;
      if (weight % GROUP == 0) {
        a.vpbroadcastd(STEP, RSP.at(STEPS + weight / GROUP * Float.BYTES));
      }
      a.vmovups(part, RDI.at(weight * Float.BYTES));
      a.vpand(OTHER, part, RCX.at(MAGNITUDE_AT));
      a.vpmaxsd(LARGEST, LARGEST, OTHER);
      a.vdivps(part, part, STEP);
      a.vaddps(part, part, MAGIC);
      a.vpand(part, part, RCX.at(LOW_BITS_AT));
      a.vpaddd(part, part, CODE_BIAS);
      a.vpmaxsd(part, part, ZERO);
      a.vpminsd(part, part, MOST_CODE);
      a.vpbroadcastd(OTHER, RSP.at(NO_STEPS + weight / GROUP * Float.BYTES));
      a.blend(part, part, ZERO, OTHER);
    }
    a.toBytes(to, 0, ORDER);
  }

  /// Nibbles of the first and the third, and of the second and the last vector of codes, and pairs
  /// of bits of all.
  private void storeHalf(int half) {
    for (int pair = 0; pair < 2; pair++) {
      a.vpand(0, CODES + pair, RCX.at(NIBBLES_AT));
      a.vpand(1, CODES + pair + 2, RCX.at(NIBBLES_AT));
      a.vpslld(1, 1, 4);
      a.vpor(0, 0, 1);
      a.vmovups(RSI.at((2 * half + pair) * VECTOR), 0);
    }
    a.vpsrld(0, CODES, 4);
    a.vpand(0, 0, RCX.at(PAIRS_AT));
    a.vpsrld(1, CODES + 1, 2);
    a.vpand(1, 1, RCX.at(SECOND_PAIRS_AT));
    a.vpor(0, 0, 1);
    a.vpand(2, CODES + 2, RCX.at(THIRD_PAIRS_AT));
    a.vpor(0, 0, 2);
    a.vpand(3, CODES + 3, RCX.at(THIRD_PAIRS_AT));
    a.vpslld(3, 3, 2);
    a.vpor(0, 0, 3);
    a.vmovups(RSI.at(HIGH_BITS + half * VECTOR), 0);
  }
}
