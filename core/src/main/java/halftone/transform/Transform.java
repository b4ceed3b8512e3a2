package halftone.transform;

import halftone.method.Method;
import halftone.model.Model;
import halftone.workers.Workers;

/// A rewrite of a network that computes the same. First it looks at the network, which may take
/// minutes, and says what it found in numbers that can be kept; then it applies them, which takes
/// no time: weights are computed from the original's whenever they are read.
public interface Transform extends Method {
  /// Name and parameters, as [Transforms#parse] reads them.
  String spelled();

  /// What the rewrite needs to know of the network, empty where it needs nothing.
  ///
  /// @param tokens calibration text, one array a chunk, all of one length
  /// @throws IllegalArgumentException when the network has no place for the rewrite; the message
  ///   says why
  double[] measure(Model model, int[][] tokens, Workers workers);

  /// The rewritten network.
  ///
  /// @param measured what [#measure] gave for this network
  Model apply(Model model, double[] measured);
}
