package halftone.runtime;

import halftone.model.Op;

/// The operations that know where a token stands in its text: all others treat each row alike.
interface Positions {
  Activations rope(Op.Rope rope, Activations x);

  /// @param layer names the node, for what it remembers from one run to the next
  Activations attend(
      String layer, Op.Attention op, Activations queries, Activations keys, Activations values);
}
