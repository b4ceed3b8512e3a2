package halftone.method;

/// What a method must be given before it can run.
public enum Need {
  CALIBRATION_TEXT,
  ALLOCATION_TEXT,
  IMPORTANCE,
  GRAM,
  GRADIENTS,
  REFERENCE_LOGITS
}
