package halftone.runtime;

import halftone.model.Op;
import halftone.numeric.InputRounding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A pass through a stage, one at a time: the values alive in it, by number. A value is dropped
/// after its last use.
final class StageRun {
  private static final int VALUES = 32;

  private final Operations operations;
  private final RowOperations byRow;
  private final Positions positions;
  private StagePlan plan = new StagePlan(List.of(), 0);
  private Tap tap = Tap.NONE;
  private @Nullable Activations[] values = new Activations[VALUES];

  /// Values as they enter products.
  private final List<List<PackedRows>> packed = new ArrayList<>();

  private boolean[] seenOutside = new boolean[VALUES];
  private @Nullable Activations reusable;

  StageRun(Operations operations, Positions positions) {
    this.operations = operations;
    this.byRow = operations.byRow();
    this.positions = positions;
  }

  /// Begins a pass; of the last one nothing is left.
  ///
  /// @param entry the value on entry
  /// @param isOwn whether nobody else reads it; else it stays the caller's
  void begin(StagePlan next, Activations entry, boolean isOwn, Tap watching) {
    clear();
    plan = next;
    tap = watching;
    int count = next.values();
    if (count > values.length) {
      values = new Activations[count];
      seenOutside = new boolean[count];
    }
    while (packed.size() < values.length) {
      packed.add(new ArrayList<>());
    }
    values[StagePlan.ENTRY] = entry;
    seenOutside[StagePlan.ENTRY] = !isOwn;
  }

  private void clear() {
    tap = Tap.NONE;
    reusable = null;
    Arrays.fill(values, null);
    Arrays.fill(seenOutside, false);
    for (int value = 0; value < packed.size(); value++) {
      packed.get(value).clear();
    }
  }

  /// Offers a value's array for the result of the stage, used when it has the right length.
  void reuse(@Nullable Activations value) {
    reusable = value;
  }

  /// Runs all steps and returns the last one's output.
  Activations all() {
    List<Step> steps = plan.steps();
    run(steps.size());
    Activations last = value(steps.isEmpty() ? StagePlan.ENTRY : steps.getLast().wiring().output());
    clear();
    return last;
  }

  /// Runs the steps before the last linear layers and shows their input to the tap.
  void untilLastLinear() {
    for (int last = plan.steps().size() - 1; last >= 0; last--) {
      if (plan.steps().get(last) instanceof Step.Multiply step) {
        run(last);
        show(step);
        break;
      }
    }
    clear();
  }

  private void run(int to) {
    List<Step> steps = plan.steps();
    for (int i = 0; i < to; i++) {
      Step step = steps.get(i);
      if (step instanceof Step.Multiply multiply) {
        multiply(multiply, i == steps.size() - 1 ? reusable : null);
        drop(step.wiring().done());
      } else {
        Activations output = apply(step);
        drop(step.wiring().done());
        values[step.wiring().output()] = output;
      }
    }
  }

  /// What nobody outside has seen is used again: a tap may keep what it was shown.
  private void drop(int[] done) {
    for (int number : done) {
      Activations value = values[number];
      if (value != null && !seenOutside[number]) {
        operations.release(value);
      }
      values[number] = null;
      List<PackedRows> entered = packed.get(number);
      for (int i = 0; i < entered.size(); i++) {
        operations.release(entered.get(i));
      }
      entered.clear();
    }
  }

  private Activations value(int number) {
    Activations value = values[number];
    if (value == null) {
      throw new IllegalArgumentException("no value " + number + " at this point of the stage");
    }
    return value;
  }

  private Activations apply(Step step) {
    int[] inputs = step.wiring().inputs();
    Activations x = value(inputs[0]);
    return switch (step) {
      case Step.Multiply multiply -> throw new IllegalArgumentException(multiply + " has results");
      case Step.Norm norm -> byRow.norm(norm, x);
      case Step.Attend attend -> positions.attend(attend, x, value(inputs[1]), value(inputs[2]));
      case Step.Plain plain ->
          switch (plain.op()) {
            case Op.Rope rope -> positions.rope(rope, x);
            case Op.Scale scale -> byRow.scale(scale, x);
            case Op.Columns columns -> byRow.columns(columns, x);
            case Op.Gated gated -> operations.gate(gated, x, value(inputs[1]));
            case Op.SoftCap cap -> byRow.softCap(cap, x);
            case Op.Add _ -> byRow.add(x, value(inputs[1]));
            case Op.Embedding _, Op.Linear _, Op.RmsNorm _, Op.Attention _ ->
                throw new IllegalArgumentException(plain.op() + " has a step of its own kind");
          };
    };
  }

  private void multiply(Step.Multiply step, @Nullable Activations room) {
    show(step);
    Activations x = value(step.input());
    List<Linears> all = step.linears();
    for (int i = 0; i < all.size(); i++) {
      Linears linears = all.get(i);
      operations.multiply(linears, packed(step.input(), linears.rounding()), x, room, values);
    }
  }

  /// Shows the input of layers to the tap.
  private void show(Step.Multiply step) {
    if (tap == Tap.NONE) {
      return;
    }
    Activations x = value(step.input());
    seenOutside[step.input()] = true;
    for (Linears linears : step.linears()) {
      linears.products().forEach(product -> tap.input(product.name(), x));
    }
  }

  private PackedRows packed(int number, InputRounding rounding) {
    List<PackedRows> known = packed.get(number);
    for (int i = 0; i < known.size(); i++) {
      if (known.get(i).rounding().equals(rounding)) {
        return known.get(i);
      }
    }
    PackedRows made = operations.pack(value(number), rounding);
    known.add(made);
    return made;
  }
}
