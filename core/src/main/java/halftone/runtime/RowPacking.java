package halftone.runtime;

import halftone.kernel.Panels;
import halftone.kernel.RowRounding;
import halftone.kernel.integer.QuantizedRows;
import halftone.numeric.ActivationPartner;
import halftone.numeric.BlockInputs;
import halftone.numeric.InputRounding;
import halftone.numeric.Int8Runs;
import halftone.numeric.ScaledInputs;
import halftone.workers.Workers;

/// Rounds rows and packs them as products take them, into arrays that are used again.
final class RowPacking {
  private final Buffers<float[]> floats;
  private final Buffers<int[]> words = Buffers.ofInts();
  private final Workers workers;

  /// @param floats shared with whoever else needs arrays
  RowPacking(Buffers<float[]> floats, Workers workers) {
    this.floats = floats;
    this.workers = workers;
  }

  PackedRows pack(Activations x, InputRounding rounding) {
    return switch (rounding) {
      case ActivationPartner.NONE -> pack(x.values(), x, RowRounding.NONE);
      case ActivationPartner partner -> pack(x.values(), x, partner::round);
      case ScaledInputs scaled -> pack(rounded(x, scaled), x, RowRounding.NONE);
      case BlockInputs blocks -> pack(x.values(), x, blocks::round);
      case Int8Runs _ -> quantized(x);
    };
  }

  private PackedRows pack(float[] values, Activations x, RowRounding rounding) {
    float[] room = floats.take(Panels.length(x.rows(), x.width()));
    return new PackedRows.Floats(
        Panels.ofRows(values, x.rows(), x.width(), rounding, room, workers), room);
  }

  private PackedRows quantized(Activations x) {
    int[] room = words.take(QuantizedRows.length(x.rows(), x.width()));
    return new PackedRows.Integers(
        QuantizedRows.of(x.values(), x.rows(), x.width(), room, workers), room);
  }

  private float[] rounded(Activations x, ScaledInputs rounding) {
    float[] values = x.values().clone();
    workers.forEach(
        x.sequences(),
        sequence ->
            rounding.round(values, sequence * x.length() * x.width(), x.length(), x.width()));
    return values;
  }

  /// Takes back what rows were packed into.
  void release(PackedRows rows) {
    switch (rows) {
      case PackedRows.Floats packed -> floats.give(packed.room());
      case PackedRows.Integers packed -> words.give(packed.room());
    }
  }

  /// Forgets the arrays of integers that were taken back.
  void forgetArrays() {
    words.clear();
  }

  /// Bytes of the arrays of integers at the time there were most.
  long mostBytes() {
    return words.mostBytes();
  }
}
