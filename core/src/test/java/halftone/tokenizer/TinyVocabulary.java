package halftone.tokenizer;

import halftone.model.GgufValue;
import halftone.model.Metadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// A vocabulary written piece by piece, as the metadata of a file.
final class TinyVocabulary {
  private static final int STRING = 8;
  private static final int INT32 = 5;
  private static final int FLOAT32 = 6;

  private final SequencedMap<String, GgufValue> keys = new LinkedHashMap<>();
  private final List<GgufValue> pieces = new ArrayList<>();
  private final List<GgufValue> types = new ArrayList<>();
  private final List<GgufValue> scores = new ArrayList<>();

  /// @param model `llama`, `bert` …
  TinyVocabulary(String model) {
    keys.put("tokenizer.ggml.model", new GgufValue.Text(model));
  }

  /// Adds the next id.
  TinyVocabulary add(String piece, int type, float score) {
    pieces.add(new GgufValue.Text(piece));
    types.add(new GgufValue.I32(type));
    scores.add(new GgufValue.F32(score));
    return this;
  }

  TinyVocabulary addBytes() {
    for (int value = 0; value < 256; value++) {
      add("<0x%02X>".formatted(value), Vocabulary.BYTE, 0);
    }
    return this;
  }

  TinyVocabulary set(String key, GgufValue value) {
    keys.put(key, value);
    return this;
  }

  Metadata metadata() {
    SequencedMap<String, GgufValue> all = new LinkedHashMap<>();
    all.put("tokenizer.ggml.tokens", new GgufValue.Array(STRING, pieces));
    all.put("tokenizer.ggml.token_type", new GgufValue.Array(INT32, types));
    all.put("tokenizer.ggml.scores", new GgufValue.Array(FLOAT32, scores));
    all.putAll(keys);
    return new Metadata("tiny.gguf", all);
  }

  Tokenizer tokenizer() {
    return Tokenizers.of(metadata());
  }
}
