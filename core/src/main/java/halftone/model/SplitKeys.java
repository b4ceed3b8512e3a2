package halftone.model;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// The metadata by which the files of a split model know each other (llama-gguf-split): `split.no`
/// from 0, `split.count`, and `split.tensors.count` over all files.
final class SplitKeys {
  static final String NUMBER = "split.no";
  static final String COUNT = "split.count";
  static final String TENSORS = "split.tensors.count";

  private static final String PREFIX = "split.";

  private SplitKeys() {}

  /// Metadata with the keys of a part, counted from 1, in place of any other's.
  static SequencedMap<String, GgufValue> with(
      SequencedMap<String, GgufValue> metadata, int part, int count, int tensors) {
    SequencedMap<String, GgufValue> keyed = without(metadata);
    keyed.put(NUMBER, new GgufValue.U16(part - 1));
    keyed.put(COUNT, new GgufValue.U16(count));
    keyed.put(TENSORS, new GgufValue.I32(tensors));
    return keyed;
  }

  /// Metadata of the model as one file.
  static SequencedMap<String, GgufValue> without(SequencedMap<String, GgufValue> metadata) {
    SequencedMap<String, GgufValue> whole = new LinkedHashMap<>(metadata);
    whole.keySet().removeIf(key -> key.startsWith(PREFIX));
    return whole;
  }
}
