package halftone.huggingface;

import java.util.function.LongUnaryOperator;

/// What happens to a tensor on its way into GGUF.
sealed interface Change {
  /// Nothing.
  record Keep() implements Change {}

  /// 1 is added to every value: Gemma's gains are stored as differences from 1.
  record PlusOne() implements Change {}

  /// Rows beyond those of the vocabulary are dropped.
  record CutToVocabulary() implements Change {}

  /// The rows of every head, or the values of a bias, are reordered from half-split to interleaved
  /// rotary order: the partners j and j + headSize/2 become the neighbours 2j and 2j + 1.
  record Interleave(int headSize) implements Change {
    public Interleave {
      if (headSize < 2 || headSize % 2 != 0) {
        throw new IllegalArgumentException("heads of " + headSize + " have no halves");
      }
    }

    /// Where the row stood that comes to stand at a place.
    LongUnaryOperator order() {
      return row -> {
        long within = row % headSize;
        return row - within + within % 2 * (headSize / 2) + within / 2;
      };
    }
  }
}
