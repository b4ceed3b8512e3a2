package halftone.kernel;

import static halftone.machine.Register.R10;
import static halftone.machine.Register.R8;
import static halftone.machine.Register.RAX;
import static halftone.machine.Register.RCX;
import static halftone.machine.Register.RDI;
import static halftone.machine.Register.RDX;
import static halftone.machine.Register.RSI;

import halftone.machine.Assembler;
import halftone.machine.Fetching;
import halftone.machine.InstructionSet;

/// Emits the product of one row, as it lies in [Panels], with strips of a [PackedWeight] one behind
/// the other, which are read as one stream: strips, the row, results and where to begin in them in
/// bytes, and how many strips.
final class SingleRowEmitter {
  /// Columns between two looks at the counter.
  static final int STEPS = 8;

  private static final int STRIP = MicroKernel.STRIP;
  private static final int LINE = 64;

  private final Assembler code;
  private final PackedElement element;
  private final int columns;
  private final int vectorBytes;
  private final int vectors;

  private SingleRowEmitter(InstructionSet set, PackedElement element, int columns) {
    this.code = new Assembler(set);
    this.element = element;
    this.columns = columns;
    this.vectorBytes = set.vectorBytes();
    this.vectors = STRIP * Float.BYTES / vectorBytes;
  }

  /// @param set other than none
  /// @param columns a multiple of [#STEPS]
  static byte[] emit(InstructionSet set, PackedElement element, int columns) {
    SingleRowEmitter emitter = new SingleRowEmitter(set, element, columns);
    emitter.strips();
    return emitter.code.code();
  }

  private void strips() {
    int whole = columns / ScalarKernels.CHUNK;
    code.add(RDX, RCX);
    int again = code.label();
    code.mov(RAX, RSI);
    for (int v = 0; v < vectors; v++) {
      code.vpxor(total(v), total(v), total(v));
    }
    if (whole > 0) {
      code.mov(R10, whole);
      int next = code.label();
      chunk(ScalarKernels.CHUNK);
      code.dec(R10);
      code.jnz(next);
    }
    if (columns % ScalarKernels.CHUNK > 0) {
      chunk(columns % ScalarKernels.CHUNK);
    }
    for (int v = 0; v < vectors; v++) {
      code.vmovups(RDX.at(v * vectorBytes), total(v));
    }
    code.add(RDX, STRIP * Float.BYTES);
    code.dec(R8);
    code.jnz(again);
    code.vzeroupper();
    code.ret();
  }

  /// Adds the products of some columns, summed from zero, to the totals.
  private void chunk(int count) {
    for (int v = 0; v < vectors; v++) {
      code.vpxor(sum(v), sum(v), sum(v));
    }
    code.mov(RCX, count / STEPS);
    int again = code.label();
    int stepBytes = STRIP * element.bytes();
    for (int step = 0; step < STEPS; step++) {
      code.vpbroadcastd(factor(), RAX.at(step * MicroKernel.PANEL * Float.BYTES));
      for (int v = 0; v < vectors; v++) {
        load(step * stepBytes + v * vectorBytes * element.bytes() / Float.BYTES);
        code.vfmadd231ps(sum(v), value(), factor());
      }
    }
    for (int at = 0; at < STEPS * stepBytes; at += LINE) {
      Fetching.ahead(code, RDI, at);
    }
    code.add(RDI, STEPS * stepBytes);
    code.add(RAX, STEPS * MicroKernel.PANEL * Float.BYTES);
    code.dec(RCX);
    code.jnz(again);
    for (int v = 0; v < vectors; v++) {
      code.vaddps(total(v), total(v), sum(v));
    }
  }

  private void load(int at) {
    switch (element) {
      case FLOAT -> code.vmovups(value(), RDI.at(at));
      case HALF -> code.vcvtph2ps(value(), RDI.at(at));
      case BRAIN -> {
        code.vpmovzxwd(value(), RDI.at(at));
        code.vpslld(value(), value(), Short.SIZE);
      }
    }
  }

  private int total(int vector) {
    return vector;
  }

  private int sum(int vector) {
    return vectors + vector;
  }

  private int factor() {
    return 2 * vectors;
  }

  private int value() {
    return 2 * vectors + 1;
  }
}
