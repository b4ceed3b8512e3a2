package halftone.runtime;

import halftone.model.Op;
import halftone.numeric.InputRounding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A pass through a stage, one at a time: the values alive in it, by number. A value is dropped
/// after its last use.
final class StageRun {
  private static final int SLOTS = 32;

  private final Operations operations;
  private final RowOperations byRow;
  private final Positions positions;
  private StagePlan plan = new StagePlan(List.of(), Map.of());
  private Tap tap = Tap.NONE;
  private @Nullable Activations[] values = new Activations[SLOTS];

  /// Values as they enter products.
  private final List<List<PackedRows>> packed = new ArrayList<>();

  private boolean[] seenOutside = new boolean[SLOTS];
  private @Nullable Activations reusable;

  StageRun(Operations operations, Positions positions) {
    this.operations = operations;
    this.byRow = operations.byRow();
    this.positions = positions;
  }

  /// Begins a pass without any values; of the last one nothing is left.
  void begin(StagePlan next, Tap watching) {
    clear();
    plan = next;
    tap = watching;
    int count = next.slots().size();
    if (count > values.length) {
      values = new Activations[count];
      seenOutside = new boolean[count];
    }
    while (packed.size() < values.length) {
      packed.add(new ArrayList<>());
    }
  }

  private void clear() {
    tap = Tap.NONE;
    reusable = null;
    Arrays.fill(values, null);
    Arrays.fill(seenOutside, false);
    for (int slot = 0; slot < packed.size(); slot++) {
      packed.get(slot).clear();
    }
  }

  /// A value that stays the caller's.
  void put(String name, Activations value) {
    own(name, value);
    seenOutside[plan.slot(name)] = true;
  }

  /// A value that nobody else reads.
  void own(String name, Activations value) {
    values[plan.slot(name)] = value;
  }

  /// Offers a value's array for the result of the stage, used when it has the right length.
  void reuse(@Nullable Activations value) {
    reusable = value;
  }

  /// Runs the steps from index `from` and returns the last one's output.
  Activations steps(int from) {
    List<StagePlan.Step> steps = plan.steps();
    run(from, steps.size());
    Activations last = value(steps.getLast().output());
    clear();
    return last;
  }

  /// Runs the nodes before the last linear layers and shows their input to the tap.
  void untilLastLinear() {
    for (int last = plan.steps().size() - 1; last >= 0; last--) {
      StagePlan.Step step = plan.steps().get(last);
      if (!step.linears().isEmpty()) {
        run(0, last);
        show(step);
        break;
      }
    }
    clear();
  }

  private void run(int from, int to) {
    List<StagePlan.Step> steps = plan.steps();
    for (int i = from; i < to; i++) {
      StagePlan.Step step = steps.get(i);
      if (step.linears().isEmpty()) {
        Activations output = apply(step);
        drop(step.done());
        values[step.output()] = output;
      } else {
        linears(step, i == steps.size() - 1 ? reusable : null);
        drop(step.done());
      }
    }
  }

  /// What nobody outside has seen is used again: a tap may keep what it was shown.
  private void drop(int[] done) {
    for (int slot : done) {
      Activations value = values[slot];
      if (value != null && !seenOutside[slot]) {
        operations.release(value);
      }
      values[slot] = null;
      List<PackedRows> entered = packed.get(slot);
      for (int i = 0; i < entered.size(); i++) {
        operations.release(entered.get(i));
      }
      entered.clear();
    }
  }

  private Activations value(int slot) {
    Activations value = values[slot];
    if (value == null) {
      throw new IllegalArgumentException("no value " + slot + " at this point of the stage");
    }
    return value;
  }

  private Activations apply(StagePlan.Step step) {
    Activations x = value(step.input());
    return switch (step.node().op()) {
      case Op.Embedding embedding ->
          throw new IllegalArgumentException(embedding + " stands first in a model, nowhere else");
      case Op.Linear linear -> throw new IllegalArgumentException(linear + " was not prepared");
      case Op.RmsNorm norm -> operations.norm(norm, x);
      case Op.Rope rope -> positions.rope(rope, x);
      case Op.Attention attention ->
          positions.attend(
              step.key(), attention, x, value(step.inputs()[1]), value(step.inputs()[2]));
      case Op.Scale scale -> byRow.scale(scale, x);
      case Op.Columns columns -> byRow.columns(columns, x);
      case Op.Gated gated -> operations.gate(gated, x, value(step.inputs()[1]));
      case Op.SoftCap cap -> byRow.softCap(cap, x);
      case Op.Add _ -> byRow.add(x, value(step.inputs()[1]));
    };
  }

  private void linears(StagePlan.Step step, @Nullable Activations room) {
    show(step);
    Activations x = value(step.input());
    for (int i = 0; i < step.linears().size(); i++) {
      Linears linears = step.linears().get(i);
      operations.multiply(linears, packed(step.input(), linears.rounding()), x, room, values);
    }
  }

  /// Shows the input of layers to the tap.
  private void show(StagePlan.Step step) {
    if (tap == Tap.NONE) {
      return;
    }
    Activations x = value(step.input());
    seenOutside[step.input()] = true;
    for (Linears linears : step.linears()) {
      linears.layers().forEach(layer -> tap.input(layer.weight(), x));
    }
  }

  private PackedRows packed(int slot, InputRounding rounding) {
    List<PackedRows> known = packed.get(slot);
    for (int i = 0; i < known.size(); i++) {
      if (known.get(i).rounding().equals(rounding)) {
        return known.get(i);
      }
    }
    PackedRows made = operations.pack(value(slot), rounding);
    known.add(made);
    return made;
  }
}
