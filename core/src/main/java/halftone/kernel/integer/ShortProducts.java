package halftone.kernel.integer;

/// With an instruction that adds two products of bytes in 16 bits, which must hold them. How many
/// groups of columns are added up there before they go to 32 bits depends on the largest code.
abstract class ShortProducts extends StepProducts {
  private static final int LARGEST = Short.MAX_VALUE;

  /// Of the inputs.
  private static final int LARGEST_INPUT = 127;

  ShortProducts(ProductEmitter e) {
    super(e);
  }

  static ShortProducts of(ProductEmitter e) {
    PanelFormat format = e.format();
    int largest = format.largestCode();
    // A sum of 16 bits has half of a step's columns. One of two takes the offset of all.
    int offset = format.offset();
    int most = Math.max(largest, Math.max(offset, largest - offset) + offset);
    if (format.stepColumns() / 2 * LARGEST_INPUT * most <= LARGEST) {
      return new WholeStep(e);
    }
    return 4 * LARGEST_INPUT * largest <= LARGEST ? new Pairs(e) : new Signed(e);
  }

  /// Emits: products of two columns each, in 16 bits.
  final void multiply(int to, int codes, int step, int group, int t) {
    code.vpbroadcastd(to, input(step, group, t));
    code.vpmaddubsw(to, codes, to);
  }

  /// Small codes: a whole step is added up in 16 bits.
  private static final class WholeStep extends ShortProducts {
    WholeStep(ProductEmitter e) {
      super(e);
    }

    @Override
    int together() {
      return 1;
    }

    /// The offset goes to the upper sum of 16 bits alone.
    @Override
    int shift() {
      return Short.SIZE;
    }

    @Override
    void multiply(int step, int group) {
      for (int p = 0; p < e.parts(); p++) {
        format.emitCodes(e, registers.codes(0), p, step, group);
        for (int t = 0; t < e.rows(); t++) {
          multiply(registers.spare(), registers.codes(0), step, group, t);
          code.vpaddw(registers.sum(t, p), registers.sum(t, p), registers.spare());
        }
      }
    }

    @Override
    void finish() {
      for (int i = 0; i < e.rows() * e.parts(); i++) {
        e.timesOnes(i, i);
      }
    }
  }

  /// Two groups are added up in 16 bits.
  private static final class Pairs extends ShortProducts {
    Pairs(ProductEmitter e) {
      super(e);
    }

    @Override
    int together() {
      return 2;
    }

    @Override
    void multiply(int step, int group) {
      int first = registers.spare();
      int second = registers.secondSpare();
      for (int p = 0; p < e.parts(); p++) {
        format.emitCodes(e, registers.codes(0), p, step, group);
        format.emitCodes(e, registers.codes(1), p, step, group + 1);
        for (int t = 0; t < e.rows(); t++) {
          multiply(first, registers.codes(0), step, group, t);
          multiply(second, registers.codes(1), step, group + 1, t);
          code.vpaddw(first, first, second);
          e.timesOnes(first, first);
          code.vpaddd(registers.sum(t, p), registers.sum(t, p), first);
        }
      }
    }
  }

  /// Large codes without their offset: magnitudes are multiplied with inputs that have taken over
  /// the signs, at most 128 · 127 and two of them.
  private static final class Signed extends ShortProducts {
    Signed(ProductEmitter e) {
      super(e);
    }

    @Override
    int together() {
      return 1;
    }

    @Override
    void prepareTable() {
      e.takeOffset(registers.table());
    }

    @Override
    void start(int t, int column) {
      for (int p = 0; p < e.parts(); p++) {
        code.vpxor(registers.sum(t, p), registers.sum(t, p), registers.sum(t, p));
      }
    }

    @Override
    void multiply(int step, int group) {
      int signed = registers.codes(0);
      int magnitude = registers.codes(1);
      int product = registers.spare();
      for (int p = 0; p < e.parts(); p++) {
        format.emitCodes(e, signed, p, step, group);
        if (format.table() == null) {
          e.takeOffset(signed);
        }
        code.vpabsb(magnitude, signed);
        for (int t = 0; t < e.rows(); t++) {
          code.vpbroadcastd(product, input(step, group, t));
          code.vpsignb(product, product, signed);
          code.vpmaddubsw(product, magnitude, product);
          e.timesOnes(product, product);
          code.vpaddd(registers.sum(t, p), registers.sum(t, p), product);
        }
      }
    }
  }
}
