package halftone.kernel.trials;

import halftone.machine.Assembler;
import halftone.machine.InstructionSet;
import halftone.numeric.Groups;

/// Emits the search for scales of grids without offset.
final class SymmetricEmitter extends SearchEmitter {
  private static final int SUM_LX = 4;
  private static final int SUM_L2 = 5;
  private static final int MAX = 6;
  private static final int BEST = 7;
  private static final int SCALE = 8;
  private static final int INVERSE = 9;
  private static final int ZERO = 10;

  private final int trials;

  SymmetricEmitter(InstructionSet set, int elements, int trials) {
    super(set, elements);
    this.trials = trials;
  }

  @Override
  void search() {
    start();
    repeat(trials, this::trial);
    // Groups of which nothing is as large as the least that counts.
    magnitudeBits(T);
    a.vpand(T, T, MAX);
    constant(U, OWN_AT);
    a.vcmpps(mask(0), T, U, Assembler.LESS);
    a.blend(SCALE, SCALE, ZERO, mask(0));
    a.blend(INVERSE, INVERSE, ZERO, mask(0));
    give(Groups.SCALE, SCALE);
    give(Groups.MIN, ZERO);
    give(Groups.INVERSE, INVERSE);
    give(Groups.BASE, ZERO);
  }

  /// Emits: products of weights and what they count, and the weight of largest magnitude, the first
  /// of several.
  private void start() {
    zero(MAX);
    magnitudeBits(V);
    for (int i = 0; i < elements(); i++) {
      a.vmovups(T, x(i));
      a.vmulps(U, T, w(i));
      a.vmovups(third(i), U);
      a.vpand(U, T, V);
      a.vpand(TRIAL, MAX, V);
      a.vcmpps(mask(0), U, TRIAL, Assembler.GREATER);
      a.blend(MAX, MAX, T, mask(0));
    }
    zero(ZERO);
    zero(SCALE);
    zero(BEST);
    constant(T, EXTENTS);
    a.vdivps(INVERSE, T, MAX);
  }

  private void trial() {
    nextExtent(T);
    a.vdivps(TRIAL, T, MAX);
    zero(SUM_LX);
    zero(SUM_L2);
    for (int i = 0; i < elements(); i++) {
      a.vmulps(T, TRIAL, x(i));
      round(T);
      a.vmulps(U, T, third(i));
      a.vaddps(SUM_LX, SUM_LX, U);
      a.vmulps(V, T, w(i));
      a.vmulps(V, V, T);
      a.vaddps(SUM_L2, SUM_L2, V);
    }
    a.vdivps(T, SUM_LX, SUM_L2);
    a.vmulps(U, SUM_LX, SUM_LX);
    a.vmulps(V, BEST, SUM_L2);
    a.vcmpps(mask(0), U, V, Assembler.GREATER);
    a.vcmpps(mask(1), SUM_L2, ZERO, Assembler.GREATER);
    a.maskAnd(mask(0), mask(0), mask(1));
    a.blend(INVERSE, INVERSE, TRIAL, mask(0));
    a.blend(SCALE, SCALE, T, mask(0));
    a.vmulps(T, T, SUM_LX);
    a.blend(BEST, BEST, T, mask(0));
  }
}
