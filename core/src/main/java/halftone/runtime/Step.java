package halftone.runtime;

import halftone.model.Op;
import java.util.Arrays;
import java.util.List;

/// A step of a [StagePlan].
///
/// A token reads all weights, which wash everything else out of the caches: what belongs to one
/// layer alone comes from memory each time. Steps that are the same in many layers are therefore
/// one object, and the others name what they need directly.
sealed interface Step {
  Wiring wiring();

  /// The number of its value, or of the first of them.
  default int input() {
    return wiring().inputs()[0];
  }

  /// Which values a step takes and gives, by number.
  ///
  /// @param output of the last node of the step
  /// @param done values that nobody reads any more behind it
  record Wiring(int[] inputs, int output, int[] done) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Wiring that
          && Arrays.equals(inputs, that.inputs)
          && output == that.output
          && Arrays.equals(done, that.done);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * Arrays.hashCode(inputs) + output) + Arrays.hashCode(done);
    }
  }

  /// Neighbouring linear layers of the same value, those together that round it alike.
  record Multiply(Wiring wiring, List<Linears> linears) implements Step {}

  /// See [Op.RmsNorm].
  record Norm(Wiring wiring, float epsilon, Activations gain) implements Step {}

  /// @param number of the attention, among all of a network
  record Attend(Wiring wiring, Op.Attention op, int number) implements Step {}

  /// An operation without tensors, and that no text is remembered for.
  record Plain(Wiring wiring, Op op) implements Step {}
}
