package halftone.kernel;

import static halftone.machine.Register.R10;
import static halftone.machine.Register.R11;
import static halftone.machine.Register.R8;
import static halftone.machine.Register.R9;
import static halftone.machine.Register.RAX;
import static halftone.machine.Register.RCX;
import static halftone.machine.Register.RDI;
import static halftone.machine.Register.RDX;
import static halftone.machine.Register.RSI;

import halftone.machine.Assembler;
import halftone.machine.InstructionSet;

/// Emits what a strip of queries does to a head of keys and values that stand position by position,
/// in floats. A lane of scores is a query, so that neither the maximum nor the sum of a softmax
/// crosses lanes; a lane of a mix is a dimension. A strip is two vectors of queries.
final class StripEmitter {
  /// Dimensions of a head are a multiple of it: the lanes of the longest vector.
  static final int DIMENSIONS = 16;

  private static final int VECTORS = 2;

  /// Dimensions between two looks at the counter.
  private static final int STEPS = 4;

  /// Keys, or queries, that go through together with 512-bit vectors, of which there are 32, and
  /// with 256-bit ones.
  private static final int MANY = 8;

  private static final int FEW = 4;

  private final Assembler code;
  private final int vectorBytes;
  private final int together;
  private final int width;
  private final int rowBytes;

  private StripEmitter(InstructionSet set, int headSize) {
    this.code = new Assembler(set);
    this.vectorBytes = set.vectorBytes();
    this.together = together(set);
    this.width = width(set);
    this.rowBytes = headSize * Float.BYTES;
  }

  /// Queries of a strip.
  static int width(InstructionSet set) {
    return VECTORS * set.vectorBytes() / Float.BYTES;
  }

  /// Keys whose scores are worked out together.
  static int together(InstructionSet set) {
    return set == InstructionSet.AVX512_VNNI ? MANY : FEW;
  }

  /// Scores {keys × width}: of keys and where to begin in them, in bytes, queries {head size ×
  /// width}, scores and where to begin in them, and how often to go on to the next [#together]
  /// keys.
  ///
  /// @param set other than none
  /// @param headSize a multiple of [#DIMENSIONS], at most [ScalarKernels#CHUNK]
  static byte[] scores(InstructionSet set, int headSize) {
    StripEmitter emitter = new StripEmitter(set, headSize);
    emitter.scores();
    return emitter.code.code();
  }

  /// Scores become powers of e, as [RowKernels#powers] says, and are added up: of scores and where
  /// to begin in them, in bytes, how many keys, sums {width}, the address of [ExponentialEmitter]'s
  /// constants, and the factor of the scores.
  static byte[] powers(InstructionSet set) {
    StripEmitter emitter = new StripEmitter(set, 0);
    emitter.powers(set == InstructionSet.AVX512_VNNI);
    return emitter.code.code();
  }

  /// Adds Σ power · value to what is mixed {width × head size}: of values and where to begin in
  /// them, in bytes, powers and where to begin in them, what is mixed, and how many keys.
  static byte[] mix(InstructionSet set, int headSize) {
    StripEmitter emitter = new StripEmitter(set, headSize);
    emitter.mix();
    return emitter.code.code();
  }

  private void scores() {
    int queries = VECTORS * together;
    int factor = queries + VECTORS;
    code.add(RDI, RSI);
    code.add(RCX, R8);
    int again = code.label();
    clear(queries);
    code.mov(RSI, RDX);
    code.mov(RAX, rowBytes / (STEPS * Float.BYTES));
    int step = code.label();
    for (int d = 0; d < STEPS; d++) {
      for (int v = 0; v < VECTORS; v++) {
        code.vmovups(queries + v, RSI.at((d * VECTORS + v) * vectorBytes));
      }
      for (int key = 0; key < together; key++) {
        code.vpbroadcastd(factor, RDI.at(key * rowBytes + d * Float.BYTES));
        for (int v = 0; v < VECTORS; v++) {
          code.vfmadd231ps(key * VECTORS + v, queries + v, factor);
        }
      }
    }
    code.add(RDI, STEPS * Float.BYTES);
    code.add(RSI, STEPS * VECTORS * vectorBytes);
    code.dec(RAX);
    code.jnz(step);
    for (int i = 0; i < queries; i++) {
      code.vmovups(RCX.at(i * vectorBytes), i);
    }
    code.add(RCX, queries * vectorBytes);
    code.add(RDI, (together - 1) * rowBytes);
    code.dec(R9);
    code.jnz(again);
    end();
  }

  private void powers(boolean isWide) {
    int scale = 0;
    int shift = 1;
    int sum = 2;
    int x = 3;
    ExponentialEmitter exponential = new ExponentialEmitter(code, R8, x + 1, isWide);
    code.add(RDI, RSI);
    exponential.prepare();
    code.vpermps(scale, exponential.zero(), scale);
    for (int v = 0; v < VECTORS; v++) {
      code.mov(RAX, RDX);
      code.mov(RSI, RDI);
      code.vmovups(shift, RSI.at(v * vectorBytes));
      int next = code.label();
      code.vmovups(x, RSI.at(v * vectorBytes));
      code.vmaxps(shift, x, shift);
      code.add(RSI, VECTORS * vectorBytes);
      code.dec(RAX);
      code.jnz(next);
      code.vpxor(sum, sum, sum);
      code.vsubps(x, sum, scale);
      code.vmulps(shift, shift, x);
      code.mov(RAX, RDX);
      code.mov(RSI, RDI);
      int again = code.label();
      code.vmovups(x, RSI.at(v * vectorBytes));
      code.vfmadd213ps(x, scale, shift);
      exponential.power(x);
      code.vmovups(RSI.at(v * vectorBytes), x);
      code.vaddps(sum, sum, x);
      code.add(RSI, VECTORS * vectorBytes);
      code.dec(RAX);
      code.jnz(again);
      code.vmovups(RCX.at(v * vectorBytes), sum);
    }
    end();
  }

  private void mix() {
    code.add(RDI, RSI);
    code.add(RDX, RCX);
    code.mov(R10, width / together);
    int again = code.label();
    int to;
    for (int from = 0; from < rowBytes; from = to) {
      to = Math.min(rowBytes, from + VECTORS * vectorBytes);
      mix(from, (to - from) / vectorBytes);
    }
    code.add(RDX, together * Float.BYTES);
    code.add(R8, together * rowBytes);
    code.dec(R10);
    code.jnz(again);
    end();
  }

  /// Some vectors of the values, which begin so many bytes behind a row's beginning.
  private void mix(int from, int vectors) {
    int values = vectors * together;
    int factor = values + vectors;
    clear(values);
    code.mov(RAX, R9);
    code.mov(RSI, RDI);
    code.mov(R11, RDX);
    int again = code.label();
    for (int v = 0; v < vectors; v++) {
      code.vmovups(values + v, RSI.at(from + v * vectorBytes));
    }
    for (int query = 0; query < together; query++) {
      code.vpbroadcastd(factor, R11.at(query * Float.BYTES));
      for (int v = 0; v < vectors; v++) {
        code.vfmadd231ps(query * vectors + v, values + v, factor);
      }
    }
    code.add(RSI, rowBytes);
    code.add(R11, width * Float.BYTES);
    code.dec(RAX);
    code.jnz(again);
    for (int query = 0; query < together; query++) {
      for (int v = 0; v < vectors; v++) {
        code.vmovups(factor, R8.at(query * rowBytes + from + v * vectorBytes));
        code.vaddps(factor, factor, query * vectors + v);
        code.vmovups(R8.at(query * rowBytes + from + v * vectorBytes), factor);
      }
    }
  }

  private void clear(int count) {
    for (int i = 0; i < count; i++) {
      code.vpxor(i, i, i);
    }
  }

  private void end() {
    code.vzeroupper();
    code.ret();
  }
}
