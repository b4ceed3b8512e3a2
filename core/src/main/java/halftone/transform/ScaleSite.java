package halftone.transform;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A value of the network whose channels can be divided by factors where it is made and multiplied
/// by them where it is read, so that nothing else changes.
///
/// @param block the block it stands in
/// @param value its name in the block's graph
/// @param maker what absorbs the division
/// @param readers the weights of all linear layers that read it: their columns absorb the
///   multiplication
/// @param channels how many factors there are
public record ScaleSite(int block, String value, Maker maker, List<String> readers, int channels) {
  public ScaleSite {
    readers = List.copyOf(readers);
  }

  /// Where a value's channels get their size.
  public sealed interface Maker {
    /// The gain of a norm.
    record Gain(String tensor) implements Maker {}

    /// Rows `first …` of a linear layer, behind which nothing but an element-wise product with
    /// another value stands.
    record Rows(String weight, @Nullable String bias, int first) implements Maker {}

    /// The value rows of an attention layer. Query heads share them: `copies` neighbouring heads of
    /// `headSize` read the same channels.
    record Heads(String weight, @Nullable String bias, int first, int headSize, int copies)
        implements Maker {}
  }

  /// A reader's columns: the factor of each, from one factor a channel.
  float[] spread(float[] factors) {
    if (!(maker instanceof Maker.Heads heads)) {
      return factors;
    }
    int size = heads.headSize();
    float[] columns = new float[factors.length * heads.copies()];
    for (int j = 0; j < columns.length; j++) {
      columns[j] = factors[j / size / heads.copies() * size + j % size];
    }
    return columns;
  }

  /// One value a channel, from one value a reader's column: the largest of those that share it.
  float[] gathered(float[] columns) {
    if (!(maker instanceof Maker.Heads heads)) {
      return columns;
    }
    int size = heads.headSize();
    float[] values = new float[channels];
    for (int j = 0; j < columns.length; j++) {
      int channel = j / size / heads.copies() * size + j % size;
      values[channel] = Math.max(values[channel], columns[j]);
    }
    return values;
  }
}
