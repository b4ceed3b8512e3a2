package halftone.app.report;

import halftone.speed.SpeedReport;
import halftone.speed.WholeFile;

/// How fast a format is encoded, and a whole file, as rows of tables.
final class EncodingCells {
  private EncodingCells() {}

  /// Preset, seconds, llama.cpp's, and our time over its.
  ///
  /// @param unknown stands for what was not asked of llama.cpp
  static String[] of(WholeFile file, String unknown) {
    Double theirs = file.theirs();
    return new String[] {
      file.preset(),
      Figures.number(file.ours()),
      theirs == null ? unknown : Figures.number(theirs),
      theirs == null ? unknown : Figures.brief(file.ours() / theirs)
    };
  }

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
