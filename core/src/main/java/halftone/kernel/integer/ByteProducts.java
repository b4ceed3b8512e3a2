package halftone.kernel.integer;

import halftone.machine.InstructionSet;

/// With an instruction that adds four products of bytes to 32 bits.
final class ByteProducts extends StepProducts {
  private final boolean readsWords;

  ByteProducts(ProductEmitter e) {
    super(e);
    this.readsWords = e.parts() == 1 && e.set() == InstructionSet.AVX512_VNNI;
  }

  @Override
  int together() {
    return 1;
  }

  @Override
  void multiply(int step, int group) {
    for (int p = 0; p < e.parts(); p++) {
      format.emitCodes(e, registers.codes(p), p, step, group);
    }
    for (int t = 0; t < e.rows(); t++) {
      if (readsWords) {
        code.vpdpbusdEach(registers.sum(t, 0), registers.codes(0), input(step, group, t));
        continue;
      }
      code.vpbroadcastd(registers.spare(), input(step, group, t));
      for (int p = 0; p < e.parts(); p++) {
        code.vpdpbusd(registers.sum(t, p), registers.codes(p), registers.spare());
      }
    }
  }
}
