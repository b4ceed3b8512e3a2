package halftone.kernel.integer;

import halftone.machine.Address;
import halftone.machine.Assembler;
import halftone.machine.InstructionSet;

/// Emits the products of a step's codes with those of the inputs, added up in integers: exact, and
/// so the same with all instructions. Codes are unsigned; sums begin at minus their offset times
/// the sum of the inputs.
abstract class StepProducts {
  final ProductEmitter e;
  final Assembler code;
  final ProductRegisters registers;
  final PanelFormat format;

  StepProducts(ProductEmitter e) {
    this.e = e;
    this.code = e.code();
    this.registers = e.registers();
    this.format = e.format();
  }

  static StepProducts of(ProductEmitter e) {
    return e.set() == InstructionSet.AVX2 ? ShortProducts.of(e) : new ByteProducts(e);
  }

  /// Groups of columns whose codes are taken apart together.
  abstract int together();

  /// How far sums are shifted to the left while they are added up.
  int shift() {
    return 0;
  }

  /// Emits what a format's table needs before all products.
  void prepareTable() {}

  /// Emits: sums of a step into the emitter's registers.
  final void emit(int step) {
    int column = step * format.stepColumns();
    for (int t = 0; t < e.rows(); t++) {
      start(t, column);
    }
    for (int group = 0; group < format.stepColumns() / PanelFormat.GROUP; group += together()) {
      if (e.rows() == 1) {
        for (int g = 0; g < together(); g++) {
          e.fetchAhead(column / PanelFormat.GROUP + group + g);
        }
      }
      multiply(step, group);
    }
    finish();
  }

  /// Emits: adds products of some groups to the sums.
  abstract void multiply(int step, int group);

  /// Emits: what makes of the sums those in 32 bits.
  void finish() {}

  /// Emits: what a row's sums begin with.
  void start(int t, int column) {
    if (format.hasMinimum()) {
      code.vpxor(registers.sum(t, 0), registers.sum(t, 0), registers.sum(t, 0));
    } else {
      code.vpbroadcastd(registers.sum(t, 0), e.input(column, format.sumOf(column), t));
      int shift = shift() + Integer.numberOfTrailingZeros(format.offset());
      code.vpslld(registers.sum(t, 0), registers.sum(t, 0), shift);
    }
    for (int p = 1; p < e.parts(); p++) {
      code.vmovdqa(registers.sum(t, p), registers.sum(t, 0));
    }
  }

  /// A word of a row's codes.
  final Address input(int step, int group, int t) {
    int column = step * format.stepColumns();
    int first = column % QuantizedRows.RUN / PanelFormat.GROUP;
    return e.input(column, QuantizedRows.CODES + first + group, t);
  }
}
