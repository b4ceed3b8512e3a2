package halftone.app.report;

import halftone.recipe.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How many tensors and bytes each format took.
record FormatShares(List<Share> shares, long bytes) {
  /// @param bytes of all these tensors
  record Share(String format, int tensors, long bytes) {}

  /// Most bytes first.
  static FormatShares of(List<Outcome.TensorChoice> tensors) {
    Map<String, Share> shares = new LinkedHashMap<>();
    long bytes = 0;
    for (Outcome.TensorChoice tensor : tensors) {
      shares.merge(
          tensor.format(),
          new Share(tensor.format(), 1, tensor.bytes()),
          (a, b) -> new Share(a.format(), a.tensors() + b.tensors(), a.bytes() + b.bytes()));
      bytes += tensor.bytes();
    }
    List<Share> sorted = new ArrayList<>(shares.values());
    sorted.sort(Comparator.comparingLong(Share::bytes).reversed());
    return new FormatShares(sorted, bytes);
  }

  double fraction(Share share) {
    return bytes == 0 ? 0 : (double) share.bytes() / bytes;
  }
}
