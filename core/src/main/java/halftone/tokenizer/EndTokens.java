package halftone.tokenizer;

import halftone.model.Metadata;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The tokens with which a model says that it has finished: its end-of-sequence and end-of-turn
/// tokens, and those that are known by their text, such as `<|im_end|>`.
///
/// @param ids in ascending order
public record EndTokens(Set<Integer> ids) {
  /// Where these are, a `<|end|>` ends a message and not the answer.
  private static final List<String> HARMONY = List.of("<|return|>", "<|call|>");

  private static final List<String> KEYS =
      List.of(
          SequenceEnds.EOS,
          "tokenizer.ggml.eot_token_id",
          "tokenizer.ggml.eom_token_id",
          "tokenizer.ggml.fim_pad_token_id",
          "tokenizer.ggml.fim_rep_token_id",
          "tokenizer.ggml.fim_sep_token_id");

  /// As llama.cpp finds them.
  public static EndTokens of(Metadata metadata) {
    Set<Integer> ids = new TreeSet<>();
    List<String> pieces = metadata.texts(Vocabulary.TOKENS);
    for (int id = 0; id < pieces.size(); id++) {
      if (ControlNames.endsText(metadata, pieces.get(id))) {
        ids.add(id);
      }
    }
    for (String key : KEYS) {
      if (metadata.has(key)) {
        ids.add(metadata.requireInt(key));
      }
    }
    if (pieces.containsAll(HARMONY)) {
      ids.remove(pieces.indexOf("<|end|>"));
    }
    return new EndTokens(Collections.unmodifiableSet(ids));
  }

  /// Whether nothing is worth reading behind this token.
  public boolean contains(int id) {
    return ids.contains(id);
  }
}
