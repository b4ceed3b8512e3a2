package halftone.evidence;

import halftone.model.Model;

/// What differentiates networks, where the machine has something that can.
public interface GradientSource {
  /// Runs chunks of text forward and backward and shows `tap` every linear layer of the head, then
  /// of the blocks from the last to the first: one stage's graph is in memory at a time.
  ///
  /// Derivatives are those of Σ −log p(label), in nats, summed over all positions that have a
  /// label.
  ///
  /// @param chunks token ids, of equal length
  /// @param labels what is differentiated
  /// @param seed of sampled labels: the same seed draws the same ones
  /// @throws GradientsUnavailableException when this machine cannot
  /// @throws IllegalArgumentException for no chunks, or a network whose loss is no number
  void differentiate(Model model, int[][] chunks, Labels labels, long seed, GradientTap tap);
}
