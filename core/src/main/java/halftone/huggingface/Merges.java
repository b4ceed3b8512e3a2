package halftone.huggingface;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The merges of a `tokenizer.json`, which stand there as `"left right"` or as `["left", "right"]`.
final class Merges {
  private Merges() {}

  /// All of them as `left right`.
  static List<String> of(JsonObject model) {
    List<String> merges = new ArrayList<>();
    for (@Nullable Object element : model.list("merges")) {
      String merge =
          element instanceof List<?> pair && pair.size() == 2
              ? pair.getFirst() + " " + pair.getLast()
              : String.valueOf(element);
      if (merge.indexOf(' ', 1) < 1 || merge.indexOf(' ', 1) == merge.length() - 1) {
        throw model.malformed("merges", "'" + merge + "'", "it must be two pieces");
      }
      merges.add(merge);
    }
    return merges;
  }
}
