package halftone.runtime;

import halftone.model.Op;

/// The operations that know where a token stands in its text: all others treat each row alike.
interface Positions {
  Activations rope(Op.Rope rope, Activations x);

  /// @param attend with its number, for what is remembered from one run to the next
  Activations attend(Step.Attend attend, Activations queries, Activations keys, Activations values);
}
