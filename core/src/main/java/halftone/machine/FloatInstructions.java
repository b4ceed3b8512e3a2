package halftone.machine;

/// Instructions on floats, and choices between them by comparisons. A mask, which says which lanes
/// a comparison holds in, is one of the mask registers 1 to 7 with 512 bits, and a vector register
/// with 256.
///
/// Only with 512 bits: [#vpermps] of sixteen floats, and methods named `…Each`, which read one word
/// for all lanes; only with 256: [#vperm2f128].
abstract class FloatInstructions extends Encoding {
  /// Comparisons that hold in no lane where one of both is not a number.
  public static final int LESS = 0x11;

  public static final int GREATER = 0x1E;
  public static final int NOT_GREATER = 0x12;

  /// Places by which [#vshufps] of a vector and itself swaps the pairs of four floats.
  public static final int OTHER_PAIR = 0x4E;

  /// Halves by which [#vperm2f128] of a vector and itself swaps them.
  public static final int OTHER_HALF = 1;

  private static final int NEIGHBOUR = 0xB1;

  private final boolean isWide;

  FloatInstructions(boolean isWide) {
    super(isWide);
    this.isWide = isWide;
  }

  public final void vcvtdq2ps(int to, int from) {
    registers(MAP_0F, NONE, 0x5B, to, 0, from);
  }

  /// The nearest integers, ties to even.
  public final void vcvtps2dq(int to, int from) {
    registers(MAP_0F, P66, 0x5B, to, 0, from);
  }

  /// Integers without what stands behind the point.
  public final void vcvttps2dq(int to, int from) {
    registers(MAP_0F, PF3, 0x5B, to, 0, from);
  }

  /// Floats as the nearest halves, ties to even, in the first half of the vector.
  public final void vcvtps2ph(int to, int from) {
    registers(MAP_0F3A, P66, 0x1D, from, 0, to);
    put(0);
  }

  public final void vmulps(int to, int a, int b) {
    registers(MAP_0F, NONE, 0x59, to, a, b);
  }

  public final void vmulps(int to, int a, Address b) {
    memory(MAP_0F, NONE, 0x59, to, a, b, 64, false);
  }

  public final void vmulpsEach(int to, int a, Address b) {
    memory(MAP_0F, NONE, 0x59, to, a, b, 4, true);
  }

  /// Floats as doubles, half as many as a vector has floats; only with 256 bits, as all on doubles.
  public final void vcvtps2pd(int to, Address from) {
    memory(MAP_0F, NONE, 0x5A, to, 0, from, 16, false);
  }

  public final void vmulpd(int to, int a, int b) {
    registers(MAP_0F, P66, 0x59, to, a, b);
  }

  public final void vaddpd(int to, int a, int b) {
    registers(MAP_0F, P66, 0x58, to, a, b);
  }

  public final void vdivps(int to, int a, int b) {
    registers(MAP_0F, NONE, 0x5E, to, a, b);
  }

  public final void vaddps(int to, int a, int b) {
    registers(MAP_0F, NONE, 0x58, to, a, b);
  }

  public final void vsubps(int to, int a, int b) {
    registers(MAP_0F, NONE, 0x5C, to, a, b);
  }

  public final void vsubps(int to, int a, Address b) {
    memory(MAP_0F, NONE, 0x5C, to, a, b, 64, false);
  }

  /// Of each lane the smaller, `b` where neither is.
  public final void vminps(int to, int a, int b) {
    registers(MAP_0F, NONE, 0x5D, to, a, b);
  }

  /// Of each lane the larger, `b` where neither is.
  public final void vmaxps(int to, int a, int b) {
    registers(MAP_0F, NONE, 0x5F, to, a, b);
  }

  /// sum + a · b.
  public final void vfmadd231ps(int sum, int a, int b) {
    registers(MAP_0F38, P66, 0xB8, sum, a, b);
  }

  public final void vfmadd231psEach(int sum, int a, Address b) {
    memory(MAP_0F38, P66, 0xB8, sum, a, b, 4, true);
  }

  /// product · a + b.
  public final void vfmadd213ps(int product, int a, int b) {
    registers(MAP_0F38, P66, 0xA8, product, a, b);
  }

  /// product · a + b.
  public final void vfmadd213ps(int product, int a, Address b) {
    memory(MAP_0F38, P66, 0xA8, product, a, b, 64, false);
  }

  /// sum − a · b.
  public final void vfnmadd231ps(int sum, int a, int b) {
    registers(MAP_0F38, P66, 0xBC, sum, a, b);
  }

  /// sum − a · b.
  public final void vfnmadd231psEach(int sum, int a, Address b) {
    memory(MAP_0F38, P66, 0xBC, sum, a, b, 4, true);
  }

  // Places

  /// Floats of `table` at the places that the lanes of `indices` name.
  public final void vpermps(int to, int indices, int table) {
    registers(MAP_0F38, P66, 0x16, to, indices, table);
  }

  /// `a` with four floats of memory in one of its quarters or halves.
  public final void vinsertf128(int to, int a, Address b, int part) {
    memory(MAP_0F3A, P66, 0x18, to, a, b, 16, false);
    put(part);
  }

  /// Of each four floats the first two of both, by turns.
  public final void vunpcklps(int to, int a, int b) {
    registers(MAP_0F, NONE, 0x14, to, a, b);
  }

  /// Of each four floats the last two of both, by turns.
  public final void vunpckhps(int to, int a, int b) {
    registers(MAP_0F, NONE, 0x15, to, a, b);
  }

  /// Of each four floats two of `a`, then two of `b`: two bits of `places` for each, the lowest for
  /// the first.
  public final void vshufps(int to, int a, int b, int places) {
    registers(MAP_0F, NONE, 0xC6, to, a, b);
    put(places);
  }

  /// Halves of `a` and `b`: four bits of `halves` for each of the result's, 0 and 1 for those of
  /// `a`, 2 and 3 for those of `b`.
  public final void vperm2f128(int to, int a, int b, int halves) {
    registers(MAP_0F3A, P66, 0x06, to, a, b);
    put(halves);
  }

  /// Combines the lanes of a vector so that all hold the same: with those of the other pair, of the
  /// neighbour, and of the other half; only with 256 bits.
  ///
  /// @param others where the lanes of `values` go to be combined
  public final void toAllLanes(int values, int others, Runnable combine) {
    vshufps(others, values, values, OTHER_PAIR);
    combine.run();
    vshufps(others, values, values, NEIGHBOUR);
    combine.run();
    vperm2f128(others, values, values, OTHER_HALF);
    combine.run();
  }

  // Choices

  /// @param comparison one of this class
  public final void vcmpps(int mask, int a, int b, int comparison) {
    registers(MAP_0F, NONE, 0xC2, mask, a, b);
    put(comparison);
  }

  /// Lanes in which `a` is larger, as signed words.
  public final void vpcmpgtd(int mask, int a, int b) {
    registers(MAP_0F, P66, 0x66, mask, a, b);
  }

  /// Lanes in which both words are equal.
  public final void vpcmpeqd(int mask, int a, int b) {
    registers(MAP_0F, P66, 0x76, mask, a, b);
  }

  /// Lanes that both masks name.
  public final void maskAnd(int to, int a, int b) {
    if (isWide) {
      narrowVex(MAP_0F, NONE, 0x41, to, a, b);
    } else {
      registers(MAP_0F, P66, 0xDB, to, a, b);
    }
  }

  /// The lanes of `yes` that the mask names, the others of `no`.
  public final void blend(int to, int no, int yes, int mask) {
    if (isWide) {
      maskedRegisters(MAP_0F38, P66, 0x65, to, no, yes, mask);
    } else {
      registers(MAP_0F3A, P66, 0x4A, to, no, yes);
      put(mask << 4);
    }
  }
}
