package halftone.kernel.trials;

import static halftone.machine.Register.RAX;
import static halftone.machine.Register.RCX;
import static halftone.machine.Register.RDI;
import static halftone.machine.Register.RDX;
import static halftone.machine.Register.RSI;
import static halftone.machine.Register.RSP;

import halftone.machine.Address;
import halftone.machine.Assembler;
import halftone.machine.InstructionSet;
import halftone.numeric.DirectBlock;
import java.util.Arrays;

/// Emits [halftone.numeric.ScaleTrials#write]: a function of the addresses of weights and of the
/// blocks' bytes, of how many blocks there are, and of the address of constants. The result is 0 if
/// all weights were as usual; otherwise the bytes mean nothing. With vectors of 256 bits
/// everywhere, as [RoundingEmitter].
final class BlockEmitter {
  private static final int LANES = 8;
  private static final int VECTOR = LANES * Float.BYTES;

  /// Weights of a block.
  private static final int WEIGHTS = 32;

  private static final int VECTORS = WEIGHTS / LANES;

  /// Largest magnitudes of a block outside of these are not usual: scales that are too small to be
  /// inverted, or too large for a half.
  private static final float LOW = 0x1p-100f;

  private static final float HIGH = 0x1p15f;

  /// The float below a half: added to a magnitude, it lets what stands before the point be the
  /// nearest integer, halves going up.
  private static final float ALMOST_HALF = 0x1.fffffep-2f;

  // Constants, a vector each; the lanes' places take as many vectors as a block.
  private static final int MAGNITUDE_AT = 0;
  private static final int SIGN_AT = VECTOR;
  private static final int DIVISOR_AT = 2 * VECTOR;
  private static final int ONE_AT = 3 * VECTOR;
  private static final int ROUND_AT = 4 * VECTOR;
  private static final int MOST_AT = 5 * VECTOR;
  private static final int HIGH_AT = 6 * VECTOR;
  private static final int LOW_AT = 7 * VECTOR;
  private static final int NIBBLES_AT = 8 * VECTOR;
  private static final int ORDER_AT = 9 * VECTOR;
  private static final int PLACES_AT = 10 * VECTOR;

  // Registers behind those of the weights.
  private static final int LARGEST = VECTORS;
  private static final int OTHER = VECTORS + 1;
  private static final int SCALE = VECTORS + 2;
  private static final int FIRST = VECTORS + 3;
  private static final int MASK = VECTORS + 4;
  private static final int MAGNITUDE = VECTORS + 5;
  private static final int DIVISOR = VECTORS + 6;
  private static final int ONE = VECTORS + 7;
  private static final int ROUND = VECTORS + 8;
  private static final int MOST = VECTORS + 9;
  private static final int ORDER = VECTORS + 10;
  private static final int UNUSUAL = VECTORS + 11;

  /// Memory below the stack that belongs to a function which calls no other.
  private static final Address SPARE = RSP.at(-VECTOR);

  private final Assembler a = new Assembler(InstructionSet.AVX2);
  private final DirectBlock kind;
  private final boolean areHalves;
  private final boolean isSigned;

  private BlockEmitter(DirectBlock kind, boolean areHalves) {
    this.kind = kind;
    this.areHalves = areHalves;
    this.isSigned = kind == DirectBlock.Q8_0;
  }

  /// @param areHalves whether the weights are binary16 instead of floats
  static byte[] emit(DirectBlock kind, boolean areHalves) {
    return new BlockEmitter(kind, areHalves).function();
  }

  static int[] constants(DirectBlock kind) {
    boolean isSigned = kind == DirectBlock.Q8_0;
    int limit = kind.limit();
    int[] constants = new int[PLACES_AT / Integer.BYTES + WEIGHTS];
    fill(constants, MAGNITUDE_AT, Integer.MAX_VALUE);
    fill(constants, SIGN_AT, Integer.MIN_VALUE);
    fill(constants, DIVISOR_AT, Float.floatToRawIntBits(isSigned ? limit : -limit));
    fill(constants, ONE_AT, Float.floatToRawIntBits(1));
    fill(constants, ROUND_AT, Float.floatToRawIntBits(isSigned ? ALMOST_HALF : limit + 0.5f));
    fill(constants, MOST_AT, 2 * limit - 1);
    fill(constants, HIGH_AT, Float.floatToRawIntBits(HIGH));
    fill(constants, LOW_AT, Float.floatToRawIntBits(LOW));
    fill(constants, NIBBLES_AT, 0x0F0F0F0F);
    for (int lane = 0; lane < LANES; lane++) {
      // Packing works on halves: these are the places of neighbouring fours.
      constants[ORDER_AT / Integer.BYTES + lane] = lane / 2 + lane % 2 * (LANES / 2);
    }
    for (int weight = 0; weight < WEIGHTS; weight++) {
      constants[PLACES_AT / Integer.BYTES + weight] = 2 * weight;
    }
    return constants;
  }

  private static void fill(int[] constants, int at, int value) {
    Arrays.fill(constants, at / Integer.BYTES, (at + VECTOR) / Integer.BYTES, value);
  }

  private byte[] function() {
    a.vmovdqu(MAGNITUDE, RCX.at(MAGNITUDE_AT));
    a.vmovups(DIVISOR, RCX.at(DIVISOR_AT));
    a.vmovups(ONE, RCX.at(ONE_AT));
    a.vmovups(ROUND, RCX.at(ROUND_AT));
    a.vmovdqu(MOST, RCX.at(MOST_AT));
    a.vmovdqu(ORDER, RCX.at(ORDER_AT));
    a.vpxor(UNUSUAL, UNUSUAL, UNUSUAL);
    int block = a.label();
    loadAndFindLargest();
    noteUnusual();
    if (!isSigned) {
      giveLargestItsSign();
    }
    a.vdivps(SCALE, LARGEST, DIVISOR);
    a.vcvtps2ph(OTHER, SCALE);
    a.vmovss(RSI.at(0), OTHER); // the half behind it makes way for codes
    a.vdivps(SCALE, ONE, SCALE);
    for (int v = 0; v < VECTORS; v++) {
      round(v);
    }
    a.vpackssdw(0, 0, 1);
    a.vpackssdw(2, 2, 3);
    a.vpacksswb(0, 0, 2);
    a.vpermps(0, ORDER, 0);
    store();
    a.add(RDI, WEIGHTS * (areHalves ? Short.BYTES : Float.BYTES));
    a.add(RSI, kind.bytes());
    a.dec(RDX);
    a.jnz(block);
    a.vmovups(SPARE, UNUSUAL);
    a.movd(RAX, SPARE);
    a.vzeroupper();
    a.ret();
    return a.code();
  }

  /// Bits of magnitudes rise with them, those of infinity and of what is no number last.
  private void loadAndFindLargest() {
    for (int v = 0; v < VECTORS; v++) {
      if (areHalves) {
        a.vcvtph2ps(v, RDI.at(v * VECTOR / 2));
      } else {
        a.vmovups(v, RDI.at(v * VECTOR));
      }
      a.vpand(v == 0 ? LARGEST : OTHER, v, MAGNITUDE);
      if (v > 0) {
        a.vpmaxsd(LARGEST, LARGEST, OTHER);
      }
    }
    a.toAllLanes(LARGEST, OTHER, () -> a.vpmaxsd(LARGEST, LARGEST, OTHER));
  }

  private void noteUnusual() {
    a.vmovdqu(OTHER, RCX.at(HIGH_AT));
    a.vpcmpgtd(MASK, LARGEST, OTHER);
    a.vpor(UNUSUAL, UNUSUAL, MASK);
    a.vmovdqu(OTHER, RCX.at(LOW_AT));
    a.vpcmpgtd(MASK, OTHER, LARGEST);
    a.vpor(UNUSUAL, UNUSUAL, MASK);
  }

  /// That of the first weight of this magnitude: the least of the places, doubled, with the signs
  /// as their lowest bits.
  private void giveLargestItsSign() {
    a.vmovdqa(FIRST, MAGNITUDE);
    for (int v = 0; v < VECTORS; v++) {
      a.vpand(OTHER, v, MAGNITUDE);
      a.vpcmpeqd(MASK, OTHER, LARGEST);
      a.vmovdqu(OTHER, RCX.at(PLACES_AT + v * VECTOR));
      a.vpsrld(SCALE, v, Integer.SIZE - 1);
      a.vpor(OTHER, OTHER, SCALE);
      a.blend(OTHER, MAGNITUDE, OTHER, MASK);
      a.vpminsd(FIRST, FIRST, OTHER);
    }
    a.toAllLanes(FIRST, OTHER, () -> a.vpminsd(FIRST, FIRST, OTHER));
    a.vpslld(FIRST, FIRST, Integer.SIZE - 1);
    a.vpor(LARGEST, LARGEST, FIRST);
  }

  /// A code is an integer: signed, or counted from the least one.
  private void round(int v) {
    a.vmulps(v, v, SCALE);
    if (isSigned) {
      a.vpand(OTHER, v, RCX.at(SIGN_AT));
      a.vpor(OTHER, OTHER, ROUND);
      a.vaddps(v, v, OTHER);
      a.vcvttps2dq(v, v);
    } else {
      a.vaddps(v, v, ROUND);
      a.vcvttps2dq(v, v);
      a.vpminsd(v, v, MOST);
    }
  }

  private void store() {
    int at = Short.BYTES;
    if (isSigned) {
      a.vmovups(RSI.at(at), 0);
      return;
    }
    if (kind == DirectBlock.Q5_0) {
      a.vpslld(OTHER, 0, 3);
      a.vpmovmskb(RAX, OTHER);
      a.movd(RSI.at(at), RAX);
      a.vpand(0, 0, RCX.at(NIBBLES_AT));
      at += Integer.BYTES;
    }
    a.vperm2f128(OTHER, 0, 0, Assembler.OTHER_HALF);
    a.vpslld(OTHER, OTHER, 4);
    a.vpor(0, 0, OTHER);
    a.vextractf128(RSI.at(at), 0, 0);
  }
}
