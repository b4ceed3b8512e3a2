package halftone.runtime;

import java.util.List;

/// How a stage runs. Values have numbers instead of names.
///
/// @param values how many there are, numbered from 0
record StagePlan(List<Step> steps, int values) {
  /// The number of the value on entry; for the embedding, of what it looked up.
  static final int ENTRY = 0;
}
