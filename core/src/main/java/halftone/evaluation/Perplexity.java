package halftone.evaluation;

/// exp of the mean loss, as llama.cpp's `perplexity` prints it: for 24 chunks of 512 tokens, 6,120
/// losses.
public final class Perplexity {
  private Perplexity() {}

  /// @param losses −ln p of each token that came, in nats, in text order
  public static Estimate of(double[] losses) {
    return Estimate.mean(losses).exp();
  }
}
