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
  private final Buffers<Activations> floats;
  private final Buffers<PackedRows.Integers> integers =
      new Buffers<>(RowPacking::integers, packed -> packed.rows().length());
  private final Workers workers;

  /// @param floats shared with whoever else needs arrays
  RowPacking(Buffers<Activations> floats, Workers workers) {
    this.floats = floats;
    this.workers = workers;
  }

  private static PackedRows.Integers integers(int words) {
    return new PackedRows.Integers(new Int8Runs(), QuantizedRows.ofLength(words));
  }

  PackedRows pack(Activations x, InputRounding rounding) {
    return switch (rounding) {
      case ActivationPartner.NONE -> pack(x.values(), x, rounding, RowRounding.NONE);
      case ActivationPartner partner -> pack(x.values(), x, rounding, partner::round);
      case ScaledInputs scaled -> pack(rounded(x, scaled), x, rounding, RowRounding.NONE);
      case BlockInputs blocks -> pack(x.values(), x, rounding, blocks::round);
      case Int8Runs _ -> quantized(x);
    };
  }

  private PackedRows pack(
      float[] values, Activations x, InputRounding rounding, RowRounding ofRow) {
    Activations room = floats.take(Panels.length(x.rows(), x.width()));
    Panels panels = Panels.ofRows(values, x.rows(), x.width(), ofRow, room.values(), workers);
    return new PackedRows.Floats(rounding, panels, room);
  }

  private PackedRows quantized(Activations x) {
    PackedRows.Integers packed = integers.take(QuantizedRows.length(x.rows(), x.width()));
    QuantizedRows rows = packed.rows().shaped(x.rows(), x.width());
    rows.fill(x.floats(), workers);
    return rows == packed.rows() ? packed : new PackedRows.Integers(packed.rounding(), rows);
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
      case PackedRows.Integers packed -> integers.give(packed);
    }
  }

  /// Forgets the arrays of integers that were taken back.
  void forgetArrays() {
    integers.clear();
  }

  /// Bytes of the arrays of integers at the time there were most.
  long mostBytes() {
    return integers.mostBytes();
  }
}
