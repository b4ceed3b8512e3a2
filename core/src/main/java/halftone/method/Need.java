package halftone.method;

/// What a method must be given before it can run.
public enum Need {
  CALIBRATION_TEXT,
  ALLOCATION_TEXT,
  IMPORTANCE,
  GRAM,
  /// Of the loss by weights.
  GRADIENTS,
  /// Of the loss by the outputs of linear layers.
  OUTPUT_GRADIENTS,
  REFERENCE_LOGITS
}
