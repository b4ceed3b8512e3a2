package halftone.kernel.mixed;

import static halftone.kernel.mixed.MixedShape.BLOCK;
import static halftone.kernel.mixed.MixedShape.PANEL;
import static halftone.kernel.mixed.MixedShape.TILE;
import static halftone.kernel.mixed.MixedShape.TOGETHER;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.machine.InstructionSet;
import halftone.machine.MachineCode;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// COMET's W4Ax product (Liu et al., arXiv 2410.12168) on a CPU: y = Σ over blocks of (scale of the
/// inputs · scale of the weights) · ⟨codes, codes⟩, sums of a block in integers, blocks one after
/// the other.
///
/// A GPU has instructions for four bits that are twice as fast. A CPU multiplies bytes, so a block
/// takes the same time in eight bits and in four, and what remains of the paper's schedule is that
/// pieces of work are equally large.
public final class MixedProduct {
  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);

  private static final AtomicReferenceArray<MethodHandle> KNOWN =
      new AtomicReferenceArray<>(NibbleForm.values().length * TILE);

  private static final int LINE = PANEL * Integer.BYTES;
  private static final MemorySegment CONSTANTS =
      Arena.global().allocate((long) MixedCode.CONSTANTS.length * LINE, LINE);

  static {
    for (int i = 0; i < MixedCode.CONSTANTS.length * PANEL; i++) {
      CONSTANTS.setAtIndex(JAVA_INT, i, MixedCode.CONSTANTS[i / PANEL]);
    }
  }

  private MixedProduct() {}

  /// C\[m×n\] = X\[m×k\] · W\[n×k\]ᵀ, in machine code where the instructions are those of AVX-512
  /// VNNI.
  ///
  /// @param out at least m × n floats, overwritten
  public static void multiply(MixedRows x, MixedWeight weight, float[] out, Workers workers) {
    multiply(x, weight, InstructionSet.chosen(), out, workers);
  }

  /// The results do not depend on the instructions.
  static void multiply(
      MixedRows x, MixedWeight weight, InstructionSet set, float[] out, Workers workers) {
    if (x.columns() != weight.columns()
        || out.length < Math.multiplyExact(x.rows(), weight.rows())) {
      throw new IllegalArgumentException(
          "%d rows of %d do not go through %d × %d into %d values"
              .formatted(x.rows(), x.columns(), weight.columns(), weight.rows(), out.length));
    }
    workers.forEach(
        weight.pairs(),
        pair -> {
          if (set == InstructionSet.AVX512_VNNI) {
            emitted(x, weight, pair, out);
          } else {
            plain(x, weight, pair, out);
          }
        });
  }

  private static void emitted(MixedRows x, MixedWeight weight, int pair, float[] out) {
    float[] results = new float[TILE * TOGETHER * PANEL];
    MemorySegment to = MemorySegment.ofArray(results);
    int first = pair * TOGETHER * PANEL;
    int present = Math.min(TOGETHER * PANEL, weight.rows() - first);
    for (int tile = 0; tile < x.tiles(); tile++) {
      call(x, weight, pair, tile, to);
      for (int row = 0; row < x.tileRows(tile); row++) {
        int at = (tile * TILE + row) * weight.rows() + first;
        System.arraycopy(results, row * TOGETHER * PANEL, out, at, present);
      }
    }
  }

  private static void call(
      MixedRows x, MixedWeight weight, int pair, int tile, MemorySegment results) {
    try {
      long panel = weight.address() + weight.at(pair * TOGETHER);
      code(weight.form(), x.tileRows(tile))
          .invokeExact(
              panel,
              panel + weight.panelBytes(),
              x.segment().asSlice((long) x.at(tile) * Integer.BYTES),
              results,
              (long) MixedShape.blocks(x.columns()),
              CONSTANTS.address());
    } catch (Throwable e) {
      throw MachineCode.failure(e);
    }
  }

  private static MethodHandle code(NibbleForm form, int rows) {
    int index = form.ordinal() * TILE + rows - 1;
    MethodHandle ready = KNOWN.get(index);
    if (ready == null) {
      KNOWN.compareAndSet(index, null, MachineCode.function(MixedCode.emit(form, rows), TYPE));
      ready = KNOWN.get(index);
    }
    return ready;
  }

  /// Operation by operation what is emitted.
  private static void plain(MixedRows x, MixedWeight weight, int pair, float[] out) {
    int first = pair * TOGETHER * PANEL;
    int end = Math.min(weight.rows(), first + TOGETHER * PANEL);
    for (int output = first; output < end; output++) {
      for (int row = 0; row < x.rows(); row++) {
        float total = 0;
        for (int block = 0; block < MixedShape.blocks(x.columns()); block++) {
          int sum = 0;
          for (int column = block * BLOCK; column < (block + 1) * BLOCK; column++) {
            sum += x.code(row, column) * weight.code(output, column);
          }
          float scale = weight.scale(output, block) * x.scale(row, block);
          total = Math.fma((float) (sum * weight.form().factor), scale, total);
        }
        out[row * weight.rows() + output] = total;
      }
    }
  }
}
