package halftone.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// What a candidate network did at every scored token, beside a reference; in text order, chunk
/// after chunk.
///
/// @param chunks how many equal, independent chunks of text
/// @param divergence KL(reference ‖ candidate) in nats
/// @param referenceLoss −ln of the probability the reference gave the token that came, in nats
/// @param candidateLoss the same of the candidate
/// @param sameTop whether both put the same token first
public record TokenScores(
    int chunks,
    double[] divergence,
    double[] referenceLoss,
    double[] candidateLoss,
    boolean[] sameTop) {
  public TokenScores {
    int count = divergence.length;
    if (chunks <= 0 || count == 0 || count % chunks != 0) {
      throw new IllegalArgumentException(count + " tokens are not " + chunks + " equal chunks");
    }
    if (referenceLoss.length != count || candidateLoss.length != count || sameTop.length != count) {
      throw new IllegalArgumentException("scores of different numbers of tokens");
    }
  }

  /// The scores of consecutive slices of a text, as if it had been scored at once.
  ///
  /// @param slices one or more, with chunks of one size
  public static TokenScores joined(List<TokenScores> slices) {
    int count = slices.stream().mapToInt(TokenScores::count).sum();
    boolean[] sameTop = new boolean[count];
    int at = 0;
    for (TokenScores slice : slices) {
      System.arraycopy(slice.sameTop, 0, sameTop, at, slice.count());
      at += slice.count();
    }
    return new TokenScores(
        slices.stream().mapToInt(TokenScores::chunks).sum(),
        joined(slices, TokenScores::divergence),
        joined(slices, TokenScores::referenceLoss),
        joined(slices, TokenScores::candidateLoss),
        sameTop);
  }

  private static double[] joined(List<TokenScores> slices, Function<TokenScores, double[]> values) {
    return slices.stream().map(values).flatMapToDouble(Arrays::stream).toArray();
  }

  public int count() {
    return divergence.length;
  }

  public int perChunk() {
    return count() / chunks;
  }

  /// Available for any number of tokens; [Quality] wants a hundred.
  public double meanDivergence() {
    return Moments.of(divergence).mean();
  }

  /// Mean divergence of each chunk: the independent observations.
  public double[] chunkDivergence() {
    double[] means = new double[chunks];
    int size = perChunk();
    for (int token = 0; token < count(); token++) {
      means[token / size] += divergence[token] / size;
    }
    return means;
  }

  /// The scores of the chunks that `wanted` accepts, in order.
  ///
  /// @throws IllegalArgumentException when it accepts none
  public TokenScores only(IntPredicate wanted) {
    int[] kept = IntStream.range(0, chunks).filter(wanted).toArray();
    int[] tokens =
        Arrays.stream(kept)
            .flatMap(chunk -> IntStream.range(chunk * perChunk(), (chunk + 1) * perChunk()))
            .toArray();
    boolean[] top = new boolean[tokens.length];
    for (int i = 0; i < top.length; i++) {
      top[i] = sameTop[tokens[i]];
    }
    return new TokenScores(
        kept.length,
        Arrays.stream(tokens).mapToDouble(token -> divergence[token]).toArray(),
        Arrays.stream(tokens).mapToDouble(token -> referenceLoss[token]).toArray(),
        Arrays.stream(tokens).mapToDouble(token -> candidateLoss[token]).toArray(),
        top);
  }

  /// Candidate's minus reference's probability of the token that came.
  double[] probabilityChange() {
    double[] change = new double[count()];
    for (int i = 0; i < change.length; i++) {
      change[i] = Math.exp(-candidateLoss[i]) - Math.exp(-referenceLoss[i]);
    }
    return change;
  }
}
