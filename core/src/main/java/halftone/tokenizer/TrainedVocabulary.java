package halftone.tokenizer;

import halftone.model.GgufType;
import halftone.model.GgufValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// A byte-level vocabulary that [BpeTrainer] learned.
///
/// @param pre its pre-tokenizer, a value of `tokenizer.ggml.pre`
/// @param pieces text of every id, in the byte alphabet; id 0 begins and ends texts
/// @param merges in order of preference, `left right`
public record TrainedVocabulary(String pre, List<String> pieces, List<String> merges) {
  private static final int NORMAL = 1;
  private static final int CONTROL = 3;

  /// The id that begins and ends texts.
  public static final int END_OF_TEXT_ID = 0;

  public TrainedVocabulary {
    pieces = List.copyOf(pieces);
    merges = List.copyOf(merges);
  }

  /// The `tokenizer.ggml.*` keys that llama.cpp and [Tokenizers] read.
  public SequencedMap<String, GgufValue> metadata() {
    SequencedMap<String, GgufValue> keys = new LinkedHashMap<>();
    keys.put(Tokenizers.MODEL, new GgufValue.Text("gpt2"));
    keys.put("tokenizer.ggml.pre", new GgufValue.Text(pre));
    keys.put(Vocabulary.TOKENS, texts(pieces));
    List<GgufValue> types =
        pieces.stream()
            .<GgufValue>map(
                piece -> new GgufValue.I32(piece.equals(BpeTrainer.END_OF_TEXT) ? CONTROL : NORMAL))
            .toList();
    keys.put(Vocabulary.TYPES, new GgufValue.Array(GgufType.INT32.id(), types));
    keys.put(Vocabulary.MERGES, texts(merges));
    keys.put("tokenizer.ggml.bos_token_id", new GgufValue.U32(END_OF_TEXT_ID));
    keys.put("tokenizer.ggml.eos_token_id", new GgufValue.U32(END_OF_TEXT_ID));
    keys.put("tokenizer.ggml.add_bos_token", new GgufValue.Bool(true));
    return keys;
  }

  private static GgufValue texts(List<String> texts) {
    return new GgufValue.Array(
        GgufType.STRING.id(), texts.stream().<GgufValue>map(GgufValue.Text::new).toList());
  }
}
