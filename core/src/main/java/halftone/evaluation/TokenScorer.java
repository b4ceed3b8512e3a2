package halftone.evaluation;

import halftone.kernel.SoftmaxKernel;

/// Turns pairs of rows, the reference's and the candidate's, into [TokenScores]. Different tokens
/// may be scored from different threads.
public final class TokenScorer {
  /// Tokens that the reference gives less than e⁻¹⁶ do not count in the divergence, as in
  /// llama.cpp.
  private static final double NEGLIGIBLE = -16;

  private final int chunks;
  private final SoftmaxKernel kernel = SoftmaxKernel.fastest();
  private final double[] divergence;
  private final double[] referenceLoss;
  private final double[] candidateLoss;
  private final boolean[] sameTop;

  public TokenScorer(int chunks, int perChunk) {
    int count = Math.multiplyExact(chunks, perChunk);
    this.chunks = chunks;
    divergence = new double[count];
    referenceLoss = new double[count];
    candidateLoss = new double[count];
    sameTop = new boolean[count];
  }

  /// Scores token `token`: logits of the reference at `p[atP …]`, of the candidate at `q[atQ …]`,
  /// `target` the id that came next.
  ///
  /// @throws ArithmeticException when a logit is NaN or infinite
  public void logits(
      int token, float[] p, int atP, float[] q, int atQ, int vocabulary, int target) {
    float maxP = finiteMax("reference", token, p, atP, vocabulary);
    double sumP = kernel.sumExp(p, atP, vocabulary, maxP);
    score(token, new Row(p, atP, maxP, sumP, maxP), q, atQ, vocabulary, target);
  }

  /// As [#logits], with log-probabilities of the reference instead, which need not sum to 1
  /// exactly: a row of a [BaseLogits] file.
  public void logProbabilities(
      int token, float[] p, float[] q, int atQ, int vocabulary, int target) {
    float top = finiteMax("reference", token, p, 0, vocabulary);
    score(token, new Row(p, 0, 0f, 1.0, top), q, atQ, vocabulary, target);
  }

  /// The scores of all tokens, once each has been scored.
  public TokenScores scores() {
    return new TokenScores(chunks, divergence, referenceLoss, candidateLoss, sameTop);
  }

  private void score(int token, Row p, float[] q, int atQ, int vocabulary, int target) {
    if (target < 0 || target >= vocabulary) {
      throw new IllegalArgumentException("token " + target + " is not in 0 … " + (vocabulary - 1));
    }
    float maxQ = finiteMax("candidate", token, q, atQ, vocabulary);
    double logSumP = Math.log(p.sum());
    double normP = p.shift() + logSumP;
    double normQ = maxQ + Math.log(kernel.sumExp(q, atQ, vocabulary, maxQ));
    float cut = (float) (NEGLIGIBLE + logSumP);
    SoftmaxKernel.Divergence sums =
        kernel.divergence(p.values(), p.at(), p.shift(), q, atQ, vocabulary, cut);
    divergence[token] = (sums.weighted() - (normP - normQ) * sums.mass()) / p.sum();
    referenceLoss[token] = normP - p.values()[p.at() + target];
    candidateLoss[token] = normQ - q[atQ + target];
    int topP = kernel.indexOf(p.values(), p.at(), vocabulary, p.top());
    sameTop[token] = topP == kernel.indexOf(q, atQ, vocabulary, maxQ);
  }

  private float finiteMax(String whose, int token, float[] values, int at, int count) {
    float max = kernel.max(values, at, count);
    if (!Float.isFinite(max)) {
      throw new ArithmeticException(
          "the %s network gives %s among its logits at scored token %d: its weights are damaged or overflow"
              .formatted(whose, max, token));
    }
    return max;
  }

  /// Unnormalised log-probabilities: p = exp(value − shift) / sum. The highest value is `top`.
  private record Row(float[] values, int at, float shift, double sum, float top) {}
}
