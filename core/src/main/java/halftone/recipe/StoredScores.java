package halftone.recipe;

import halftone.evaluation.TokenScores;

/// Scores of a text as one row of numbers for the store: the number of chunks, then for every token
/// divergence, the reference's loss, the candidate's loss, and 1 where both put the same token
/// first.
final class StoredScores {
  private static final int FIELDS = 4;

  private StoredScores() {}

  static double[] numbers(TokenScores scores) {
    double[] numbers = new double[1 + FIELDS * scores.count()];
    numbers[0] = scores.chunks();
    for (int i = 0; i < scores.count(); i++) {
      int at = 1 + FIELDS * i;
      numbers[at] = scores.divergence()[i];
      numbers[at + 1] = scores.referenceLoss()[i];
      numbers[at + 2] = scores.candidateLoss()[i];
      numbers[at + 3] = scores.sameTop()[i] ? 1 : 0;
    }
    return numbers;
  }

  static TokenScores of(double[] numbers) {
    int count = (numbers.length - 1) / FIELDS;
    double[] divergence = new double[count];
    double[] referenceLoss = new double[count];
    double[] candidateLoss = new double[count];
    boolean[] sameTop = new boolean[count];
    for (int i = 0; i < count; i++) {
      int at = 1 + FIELDS * i;
      divergence[i] = numbers[at];
      referenceLoss[i] = numbers[at + 1];
      candidateLoss[i] = numbers[at + 2];
      sameTop[i] = numbers[at + 3] != 0;
    }
    return new TokenScores((int) numbers[0], divergence, referenceLoss, candidateLoss, sameTop);
  }
}
