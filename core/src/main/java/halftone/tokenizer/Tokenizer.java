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
  /// the tokens that the model wants around a sequence stand around it: mostly its
  /// beginning-of-sequence token in front, seldom an end token behind.
  default int[] encodeFile(String text) {
    return new SequenceEnds(bos(), addsBos(), 0, false).around(encode(text, false));
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
