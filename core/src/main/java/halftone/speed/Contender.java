package halftone.speed;

/// A model as some runtime runs it.
public interface Contender {
  /// Reads a prompt as a text of its own, and works out the logits behind it.
  void read(int[] prompt);

  /// Goes on with the text by a token, and works out the logits behind it.
  void write(int token);
}
