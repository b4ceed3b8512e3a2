package halftone.kernel.trials;

import static halftone.machine.Register.R8;
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

/// Emits a [halftone.numeric.BlockWriter]: a function of the addresses of weights, of the blocks'
/// bytes, of a word for each block, which is not zero where weights are not usual, and of
/// constants, and of how many blocks there are. The result is zero where all words are. With
/// vectors of 256 bits everywhere, as [RoundingEmitter].
final class BlockEmitter {
  private static final int VECTOR = Constants.VECTOR;

  /// Weights of a block.
  private static final int WEIGHTS = 32;

  private static final int VECTORS = WEIGHTS / Constants.LANES;

  /// Largest magnitudes of a block outside of these are not usual, zero excepted: scales that are
  /// too small to be inverted, or too large for a half.
  private static final float LOW = 0x1p-100f;

  private static final float HIGH = 0x1p15f;

  /// The float below a half: added to a magnitude, it lets what stands before the point be the
  /// nearest integer, halves going up.
  private static final float ALMOST_HALF = 0x1.fffffep-2f;

  // Constants.
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
    return new Constants(PLACES_AT / VECTOR + VECTORS)
        .with(MAGNITUDE_AT, Integer.MAX_VALUE)
        .with(SIGN_AT, Integer.MIN_VALUE)
        .with(DIVISOR_AT, (float) (isSigned ? limit : -limit))
        .with(ONE_AT, 1f)
        .with(ROUND_AT, isSigned ? ALMOST_HALF : limit + 0.5f)
        .with(MOST_AT, 2 * limit - 1)
        .with(HIGH_AT, HIGH)
        .with(LOW_AT, LOW)
        .with(NIBBLES_AT, 0x0F0F0F0F)
        .withOrderOfBytes(ORDER_AT)
        .withPlaces(PLACES_AT, VECTORS)
        .words();
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
    load();
    SignedLargest largest =
        new SignedLargest(a, VECTORS, LARGEST, MAGNITUDE, FIRST, OTHER, SCALE, MASK);
    largest.find();
    noteUnusual();
    if (!isSigned) {
      largest.sign(RCX.at(PLACES_AT));
    }
    scale();
    for (int v = 0; v < VECTORS; v++) {
      round(v);
    }
    a.toBytes(0, 0, ORDER);
    store();
    a.add(RDI, WEIGHTS * (areHalves ? Short.BYTES : Float.BYTES));
    a.add(RSI, kind.bytes());
    a.add(RDX, Integer.BYTES);
    a.dec(R8);
    a.jnz(block);
    a.vmovups(SPARE, UNUSUAL);
    a.movd(RAX, SPARE);
    a.vzeroupper();
    a.ret();
    return a.code();
  }

  private void load() {
    for (int v = 0; v < VECTORS; v++) {
      if (areHalves) {
        a.vcvtph2ps(v, RDI.at(v * VECTOR / 2));
      } else {
        a.vmovups(v, RDI.at(v * VECTOR));
      }
    }
  }

  private void noteUnusual() {
    a.vmovdqu(OTHER, RCX.at(HIGH_AT));
    a.vpcmpgtd(MASK, LARGEST, OTHER);
    a.vmovdqu(OTHER, RCX.at(LOW_AT));
    a.vpcmpgtd(OTHER, OTHER, LARGEST);
    a.vpxor(FIRST, FIRST, FIRST);
    a.vpcmpgtd(FIRST, LARGEST, FIRST);
    a.vpand(OTHER, OTHER, FIRST);
    a.vpor(MASK, MASK, OTHER);
    a.vmovss(RDX.at(0), MASK);
    a.vpor(UNUSUAL, UNUSUAL, MASK);
  }

  /// Stores the scale and inverts it; of a block of zeros the inverse is zero.
  private void scale() {
    a.vdivps(SCALE, LARGEST, DIVISOR);
    a.vcvtps2ph(OTHER, SCALE);
    a.vmovss(RSI.at(0), OTHER); // the half behind it makes way for codes
    a.vdivps(SCALE, ONE, SCALE);
    a.vpxor(OTHER, OTHER, OTHER);
    a.vpcmpeqd(MASK, LARGEST, OTHER);
    a.blend(SCALE, SCALE, OTHER, MASK);
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
