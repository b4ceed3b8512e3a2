package halftone.sensitivity;

import halftone.evidence.GradientTap;
import halftone.model.Model;
import halftone.workers.Workers;

/// What a [BlockRanking] may do with a network to find its scores.
public interface BlockProbe {
  Model model();

  /// The calibration text, chunks of one length.
  int[][] tokens();

  Workers workers();

  /// Mean KL divergence in nats, on the allocation text, of a network that equals the original
  /// before block `firstChanged`.
  double meanKl(Model changed, int firstChanged);

  /// Runs the calibration text forward and backward, with the loss of the next token.
  void differentiate(GradientTap tap);

  /// One more block is done, or an equal share of the work.
  void done();
}
