package halftone.app.report;

import halftone.speed.SpeedReport;

/// How fast a format is encoded, as a row of a table.
final class EncodingCells {
  private EncodingCells() {}

  /// Format, importance, millions of weights a second, ggml's, and our time over its.
  ///
  /// @param unknown stands for what was not asked of ggml
  static String[] of(SpeedReport.Encoding encoding, String unknown) {
    Double ggml = encoding.ggml();
    return new String[] {
      encoding.format(),
      encoding.weighted() ? "given" : "none",
      Figures.number(encoding.ours() / 1e6),
      ggml == null ? unknown : Figures.number(ggml / 1e6),
      ggml == null ? unknown : Figures.brief(ggml / encoding.ours())
    };
  }
}
