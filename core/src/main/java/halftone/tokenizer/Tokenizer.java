package halftone.tokenizer;

/// Turns text into token ids and back. Immutable and safe for use by several threads.
///
/// Example with SmolLM2's vocabulary: `encode("Hello world", false)` is `{19556, 905}`.
public interface Tokenizer {
  /// Token ids of a text, without a beginning-of-sequence token.
  ///
  /// @param special whether control tokens written in the text, such as `<|im_start|>`, become
  ///   their ids; user-defined tokens always do
  /// @throws IllegalArgumentException when the vocabulary has no token for a byte of the text
  int[] encode(String text, boolean special);

  /// Token ids of a whole file as perplexity reads it: control tokens in the text stay text, and
  /// the beginning-of-sequence token stands in front if the model adds one.
  default int[] encodeFile(String text) {
    int[] ids = encode(text, false);
    if (!addsBos()) {
      return ids;
    }
    int[] withBos = new int[ids.length + 1];
    withBos[0] = bos();
    System.arraycopy(ids, 0, withBos, 1, ids.length);
    return withBos;
  }

  /// The bytes of the tokens one after another; valid UTF-8 when the ids came from whole text.
  ///
  /// @throws IllegalArgumentException for an id outside the vocabulary
  byte[] decode(int[] ids);

  /// Id of the beginning-of-sequence token.
  int bos();

  /// Whether a sequence given to the model starts with [#bos].
  boolean addsBos();

  /// How many ids there are: they run from 0 to this, exclusive.
  int vocabularySize();
}
