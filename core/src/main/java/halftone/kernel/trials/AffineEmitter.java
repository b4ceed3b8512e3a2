package halftone.kernel.trials;

import halftone.machine.Assembler;
import halftone.machine.InstructionSet;
import halftone.numeric.AffineSearch;
import halftone.numeric.Groups;

/// Emits an [AffineSearch].
final class AffineEmitter extends SearchEmitter {
  private static final int MIN = 4;
  private static final int SUM_L = 5;
  private static final int SUM_L2 = 6;
  private static final int SUM_LX = 7;
  private static final int SCALE = 8;
  private static final int TRIAL_MIN = 9;
  private static final int DETERMINANT = 10;

  /// Sums of codes are no longer needed when errors are summed.
  private static final int ERROR = SUM_L;

  // What is kept in memory.
  private static final int MAX_SLOT = 0;
  private static final int SUM_W_SLOT = 1;
  private static final int SUM_X_SLOT = 2;
  private static final int BEST_SLOT = 3;
  private static final int SCALE_SLOT = 4;
  private static final int INVERSE_SLOT = 5;
  private static final int BASE_SLOT = 6;

  private final AffineSearch search;

  AffineEmitter(InstructionSet set, int elements, AffineSearch search) {
    super(set, elements);
    this.search = search;
  }

  @Override
  void search() {
    sumWeights();
    start();
    repeat(
        search.steps() + 1,
        () -> {
          inverse();
          roundAndSum();
          refit();
          measure();
          accept();
        });
    give(Groups.MIN, MIN);
    a.vmovups(T, slot(SCALE_SLOT));
    give(Groups.SCALE, T);
    a.vmovups(T, slot(INVERSE_SLOT));
    give(Groups.INVERSE, T);
    a.vmovups(T, slot(BASE_SLOT));
    give(Groups.BASE, T);
  }

  /// Emits: the least and the largest weight, and sums over the weights.
  private void sumWeights() {
    zero(MIN);
    zero(SUM_L);
    zero(SUM_L2);
    a.vmovups(TRIAL, x(0));
    for (int i = 0; i < elements(); i++) {
      a.vmovups(T, x(i));
      a.vmovups(U, w(i));
      a.vminps(MIN, T, MIN);
      a.vmaxps(TRIAL, T, TRIAL);
      a.vaddps(SUM_L, SUM_L, U);
      a.vmulps(U, U, T);
      a.vaddps(SUM_L2, SUM_L2, U);
    }
    a.vmovups(slot(MAX_SLOT), TRIAL);
    a.vmovups(slot(SUM_W_SLOT), SUM_L);
    a.vmovups(slot(SUM_X_SLOT), SUM_L2);
    a.vmovups(slot(BASE_SLOT), MIN);
  }

  /// Emits: the scale from least to largest weight with its error. A group of equal weights has
  /// none, and accepts no trial.
  private void start() {
    inverse();
    roundAndSum();
    constant(T, ONE_AT);
    a.vdivps(SCALE, T, TRIAL);
    a.vmovdqa(TRIAL_MIN, MIN);
    measure();
    a.vmovups(T, slot(MAX_SLOT));
    a.vcmpps(mask(0), T, MIN, Assembler.NOT_GREATER);
    zero(T);
    a.blend(SCALE, SCALE, T, mask(0));
    a.blend(TRIAL, TRIAL, T, mask(0));
    constant(T, OWN_AT);
    a.blend(ERROR, ERROR, T, mask(0));
    a.vmovups(slot(SCALE_SLOT), SCALE);
    a.vmovups(slot(INVERSE_SLOT), TRIAL);
    a.vmovups(slot(BEST_SLOT), ERROR);
  }

  /// Emits: what weights are multiplied by in the next trial.
  private void inverse() {
    nextExtent(T);
    a.vmovups(U, slot(MAX_SLOT));
    a.vsubps(U, U, MIN);
    a.vdivps(TRIAL, T, U);
  }

  /// Emits: codes, and sums over them.
  private void roundAndSum() {
    zero(SUM_L);
    zero(SUM_L2);
    zero(SUM_LX);
    for (int i = 0; i < elements(); i++) {
      a.vmovups(T, x(i));
      a.vsubps(U, T, MIN);
      a.vmulps(U, U, TRIAL);
      round(U);
      a.vmovups(third(i), U);
      a.vmulps(V, U, w(i));
      a.vaddps(SUM_L, SUM_L, V);
      a.vmulps(T, T, V);
      a.vaddps(SUM_LX, SUM_LX, T);
      a.vmulps(V, V, U);
      a.vaddps(SUM_L2, SUM_L2, V);
    }
  }

  /// Emits: scale and min that fit the codes best, min not above 0.
  private void refit() {
    a.vmovups(T, slot(SUM_W_SLOT));
    a.vmovups(U, slot(SUM_X_SLOT));
    a.vmulps(DETERMINANT, T, SUM_L2);
    a.vmulps(V, SUM_L, SUM_L);
    a.vsubps(DETERMINANT, DETERMINANT, V);
    a.vmulps(SCALE, T, SUM_LX);
    a.vmulps(V, U, SUM_L);
    a.vsubps(SCALE, SCALE, V);
    a.vdivps(SCALE, SCALE, DETERMINANT);
    a.vmulps(TRIAL_MIN, SUM_L2, U);
    a.vmulps(V, SUM_L, SUM_LX);
    a.vsubps(TRIAL_MIN, TRIAL_MIN, V);
    a.vdivps(TRIAL_MIN, TRIAL_MIN, DETERMINANT);
    zero(V);
    a.vcmpps(mask(0), TRIAL_MIN, V, Assembler.GREATER);
    a.blend(TRIAL_MIN, TRIAL_MIN, V, mask(0));
    a.vdivps(T, SUM_LX, SUM_L2);
    a.blend(SCALE, SCALE, T, mask(0));
  }

  /// Emits: the error of the trial.
  private void measure() {
    zero(ERROR);
    magnitudeBits(V);
    for (int i = 0; i < elements(); i++) {
      a.vmulps(T, SCALE, third(i));
      a.vaddps(T, T, TRIAL_MIN);
      a.vsubps(T, T, x(i));
      if (search.absolute()) {
        a.vpand(T, T, V);
      } else {
        a.vmulps(T, T, T);
      }
      a.vmulps(T, T, w(i));
      a.vaddps(ERROR, ERROR, T);
    }
  }

  /// Emits: keeps the trial where its error is the least so far.
  private void accept() {
    a.vmovups(T, slot(BEST_SLOT));
    zero(V);
    a.vcmpps(mask(0), ERROR, T, Assembler.LESS);
    a.vcmpps(mask(1), DETERMINANT, V, Assembler.GREATER);
    a.maskAnd(mask(0), mask(0), mask(1));
    a.blend(T, T, ERROR, mask(0));
    a.vmovups(slot(BEST_SLOT), T);
    keep(INVERSE_SLOT, TRIAL);
    keep(BASE_SLOT, MIN);
    keep(SCALE_SLOT, SCALE);
    a.blend(MIN, MIN, TRIAL_MIN, mask(0));
  }

  private void keep(int slot, int register) {
    a.vmovups(T, slot(slot));
    a.blend(T, T, register, mask(0));
    a.vmovups(slot(slot), T);
  }
}
