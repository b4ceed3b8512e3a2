package halftone.runtime;

import halftone.kernel.RowRounding;
import halftone.model.Op;
import halftone.workers.Workers;

/// Every sequence runs from its first position, all at once; nothing is remembered.
record WholeTexts(Operations operations, Arithmetic arithmetic, Workers workers)
    implements Positions {
  @Override
  public Activations rope(Op.Rope rope, Activations x) {
    RotaryTable table = operations.rotations(rope, x.length(), x.length());
    return operations.byRow().rotate(new RowOperations.Turn(table, new int[x.sequences()]), x);
  }

  @Override
  public Activations attend(
      Step.Attend attend, Activations queries, Activations keys, Activations values) {
    Op.Attention op = attend.op();
    RowRounding rounding = arithmetic.halvesCache() ? Operations.HALVES : RowRounding.NONE;
    Activations out = operations.byRow().like(queries, op.heads() * op.headSize());
    Operations.attention(op, rounding, rounding)
        .run(
            queries.values(),
            keys.values(),
            values.values(),
            queries.sequences(),
            queries.length(),
            out.values(),
            workers);
    return out;
  }
}
