package halftone.runtime;

import halftone.model.Op;
import halftone.numeric.InputRounding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// One pass through a stage: the values alive in it, by number. A value is dropped after its last
/// use.
final class StageRun {
  private final StagePlan plan;
  private final boolean inHead;
  private final Operations operations;
  private final Positions positions;
  private final Tap tap;
  private final @Nullable Activations[] values;
  private final @Nullable Packed[] packed;
  private final boolean[] seenOutside;
  private float[] reusable = {};

  /// A value as it enters products that round it alike, and as it enters others.
  private record Packed(InputRounding rounding, PackedRows rows, @Nullable Packed other) {}

  /// @param inHead whether it is the model's head
  StageRun(StagePlan plan, boolean inHead, Operations operations, Positions positions, Tap tap) {
    this.plan = plan;
    this.inHead = inHead;
    this.operations = operations;
    this.positions = positions;
    this.tap = tap;
    this.values = new Activations[plan.slots().size()];
    this.packed = new Packed[values.length];
    this.seenOutside = new boolean[values.length];
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

  /// Offers an array for the result of the stage, used when it has the right length.
  void reuse(float[] array) {
    reusable = array;
  }

  /// Runs the nodes from index `from` and returns the last one's output.
  Activations nodes(int from) {
    List<StagePlan.Step> steps = plan.steps();
    run(from, steps.size());
    return value(steps.getLast().output());
  }

  /// Runs the nodes before the last linear layer and shows its input to the tap.
  void untilLastLinear() {
    for (int last = plan.steps().size() - 1; last >= 0; last--) {
      StagePlan.Step step = plan.steps().get(last);
      if (step.node().op() instanceof Op.Linear linear) {
        run(0, last);
        tap.input(linear.weight(), value(step.input()));
        return;
      }
    }
  }

  private void run(int from, int to) {
    for (int i = from; i < to; i++) {
      StagePlan.Step step = plan.steps().get(i);
      int together = Math.min(step.together(), to - i);
      if (together > 1) {
        linears(plan.steps().subList(i, i + together));
        for (int k = 0; k < together; k++) {
          drop(plan.steps().get(i + k).done());
        }
        i += together - 1;
      } else {
        Activations output = apply(step, i == plan.steps().size() - 1 ? reusable : null);
        drop(step.done());
        values[step.output()] = output;
      }
    }
  }

  /// What nobody outside has seen is used again: a tap may keep what it was shown.
  private void drop(int[] done) {
    for (int slot : done) {
      Activations value = values[slot];
      if (value != null && !seenOutside[slot]) {
        operations.release(value.values());
      }
      values[slot] = null;
      for (Packed each = packed[slot]; each != null; each = each.other()) {
        operations.release(each.rows());
      }
      packed[slot] = null;
    }
  }

  private Activations value(int slot) {
    Activations value = values[slot];
    if (value == null) {
      throw new IllegalArgumentException("no value " + slot + " at this point of the stage");
    }
    return value;
  }

  private Activations apply(StagePlan.Step step, float @Nullable [] out) {
    Activations x = value(step.input());
    return switch (step.node().op()) {
      case Op.Embedding embedding ->
          throw new IllegalArgumentException(embedding + " stands first in a model, nowhere else");
      case Op.RmsNorm norm -> operations.norm(norm, x);
      case Op.Linear linear -> linear(linear, step.input(), out);
      case Op.Rope rope -> positions.rope(rope, x);
      case Op.Attention attention ->
          positions.attend(
              step.key(), attention, x, value(step.inputs()[1]), value(step.inputs()[2]));
      case Op.Scale scale -> operations.scale(scale, x);
      case Op.Columns columns -> operations.columns(columns, x);
      case Op.Gated gated -> operations.gate(gated, x, value(step.inputs()[1]));
      case Op.SoftCap cap -> operations.softCap(cap, x);
      case Op.Add sum -> operations.add(x, value(step.inputs()[1]));
    };
  }

  private Activations linear(Op.Linear linear, int slot, float @Nullable [] out) {
    Activations x = value(slot);
    InputRounding rounding = shown(linear, slot, x);
    return operations.multiply(List.of(linear), packed(slot, rounding), x, out).getFirst();
  }

  /// Layers of the same value: those that round it alike are one piece of work for all threads.
  private void linears(List<StagePlan.Step> steps) {
    int slot = steps.getFirst().input();
    Activations x = value(slot);
    SequencedMap<InputRounding, List<StagePlan.Step>> alike = new LinkedHashMap<>();
    for (StagePlan.Step step : steps) {
      InputRounding rounding = shown(step.linear(), slot, x);
      alike.computeIfAbsent(rounding, each -> new ArrayList<>()).add(step);
    }
    alike.forEach(
        (rounding, those) -> {
          List<Op.Linear> linears = new ArrayList<>();
          those.forEach(step -> linears.add(step.linear()));
          List<Activations> outputs = operations.multiply(linears, packed(slot, rounding), x, null);
          for (int i = 0; i < outputs.size(); i++) {
            values[those.get(i).output()] = outputs.get(i);
          }
        });
  }

  /// Shows the input of a layer to the tap.
  ///
  /// @return how the layer rounds it
  private InputRounding shown(Op.Linear linear, int slot, Activations x) {
    if (tap != Tap.NONE) {
      seenOutside[slot] = true;
      tap.input(linear.weight(), x);
    }
    return operations.inputs(linear.weight(), inHead);
  }

  private PackedRows packed(int slot, InputRounding rounding) {
    for (Packed each = packed[slot]; each != null; each = each.other()) {
      if (each.rounding().equals(rounding)) {
        return each.rows();
      }
    }
    PackedRows rows = operations.pack(value(slot), rounding);
    packed[slot] = new Packed(rounding, rows, packed[slot]);
    return rows;
  }
}
