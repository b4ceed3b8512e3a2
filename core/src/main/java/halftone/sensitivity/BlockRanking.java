package halftone.sensitivity;

import halftone.method.Method;
import java.util.stream.IntStream;

/// Says which blocks of a network need more bits than others (CPTQuant, Nanda et al., arXiv
/// 2412.03599): one score a block. Scores of one ranking on one network may be compared, no others.
public interface BlockRanking extends Method {
  /// The id of the card, with the parameters that are not the usual ones, as [BlockRankings#parse]
  /// reads it.
  default String spelled() {
    return card().id();
  }

  /// A score for every block, the higher the more it needs.
  ///
  /// @throws IllegalArgumentException when the text cannot tell
  double[] scores(BlockProbe probe);

  /// Shares of the blocks that score no higher, equal ones sharing their places: in (0, 1]. One
  /// block that is far above all others does not push these together.
  static double[] ranks(double[] scores) {
    return IntStream.range(0, scores.length)
        .mapToDouble(
            block -> {
              int below = 0;
              int equal = 0;
              for (double other : scores) {
                below += other < scores[block] ? 1 : 0;
                equal += other == scores[block] ? 1 : 0;
              }
              return (below + (equal + 1) / 2.0) / scores.length;
            })
        .toArray();
  }

  /// Spearman's correlation: Pearson's of the ranks, 0 where one side is all equal.
  static double agreement(double[] scores, double[] measured) {
    double[] a = ranks(scores);
    double[] b = ranks(measured);
    double mean = (a.length + 1) / 2.0 / a.length;
    double product = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (a[i] - mean) * (b[i] - mean);
      squaresA += (a[i] - mean) * (a[i] - mean);
      squaresB += (b[i] - mean) * (b[i] - mean);
    }
    double scale = Math.sqrt(squaresA * squaresB);
    return scale == 0 ? 0 : product / scale;
  }
}
