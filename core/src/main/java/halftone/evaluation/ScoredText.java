package halftone.evaluation;

import java.util.Arrays;
import java.util.OptionalInt;

/// A text cut into equal, independent chunks of tokens, the last positions of each scored.
///
/// Example: with the second half scored, as llama.cpp does, chunks of 512 tokens have 255 scored
/// positions, 256 … 510, whose logits predict tokens 257 … 511.
///
/// @param inputs what the network reads: one array a chunk; the first token is the
///   beginning-of-text token where the network has one
/// @param targets the ids to predict at positions `firstScored() …`, one array a chunk
public record ScoredText(int[][] inputs, int[][] targets) {
  private static final int SHORTEST = 4;

  public ScoredText {
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i].length != inputs[0].length
          || targets[i].length != targets[0].length
          || targets[i].length >= inputs[i].length) {
        throw new IllegalArgumentException("chunk " + i + " has another length");
      }
    }
  }

  /// Whole chunks of tokens.
  ///
  /// @param firstScored the first position whose logits are scored
  public static ScoredText of(int[][] chunks, int firstScored) {
    int[][] targets = new int[chunks.length][];
    for (int i = 0; i < chunks.length; i++) {
      targets[i] = Arrays.copyOfRange(chunks[i], firstScored + 1, chunks[i].length);
    }
    return new ScoredText(chunks, targets);
  }

  /// Cuts `tokens` into whole chunks, dropping the remainder; the second half of each is scored.
  ///
  /// @param chunks the most to take
  /// @param beginning replaces the first token of every chunk in the input, for networks whose
  ///   tokenizer adds one
  /// @throws IllegalArgumentException when there are fewer than two chunks
  public static ScoredText cut(int[] tokens, int length, int chunks, OptionalInt beginning) {
    if (length < SHORTEST || chunks < 1) {
      throw new IllegalArgumentException("no " + chunks + " chunks of " + length + " tokens");
    }
    if (tokens.length < 2 * length) {
      throw new IllegalArgumentException(
          "%d tokens are too few for chunks of %d: at least %d are needed"
              .formatted(tokens.length, length, 2 * length));
    }
    int count = Math.min(chunks, tokens.length / length);
    int[][] inputs = new int[count][];
    int[][] targets = new int[count][];
    for (int i = 0; i < count; i++) {
      int start = i * length;
      targets[i] = Arrays.copyOfRange(tokens, start + length / 2 + 1, start + length);
      inputs[i] = Arrays.copyOfRange(tokens, start, start + length);
      if (beginning.isPresent()) {
        inputs[i][0] = beginning.getAsInt();
      }
    }
    return new ScoredText(inputs, targets);
  }

  /// Chunks `from … to − 1` alone.
  public ScoredText slice(int from, int to) {
    return new ScoredText(
        Arrays.copyOfRange(inputs, from, to), Arrays.copyOfRange(targets, from, to));
  }

  public int chunks() {
    return inputs.length;
  }

  public int length() {
    return inputs[0].length;
  }

  /// The first position whose logits are scored.
  public int firstScored() {
    return length() - 1 - scoredPerChunk();
  }

  public int scoredPerChunk() {
    return targets[0].length;
  }

  public int scored() {
    return chunks() * scoredPerChunk();
  }

  /// The id to predict at scored token `token` of the whole text.
  public int target(int token) {
    return targets[token / scoredPerChunk()][token % scoredPerChunk()];
  }
}
