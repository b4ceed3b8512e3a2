package halftone.kernel.bitplane;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Takes rows of unsigned codes apart into planes: word w of plane i holds bit i of codes 64w to
/// 64w + 63. Behind the last code bits are 0.
final class BitPlanes {
  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_PREFERRED;

  private BitPlanes() {}

  /// One plane of a row.
  ///
  /// @param word index of `words` at which the plane begins; each is `stride` behind the one before
  static void extract(
      byte[] codes, int from, int columns, int bit, long[] words, int word, int stride) {
    byte mask = (byte) (1 << bit);
    for (int w = 0; w * Long.SIZE < columns; w++) {
      int first = w * Long.SIZE;
      int count = Math.min(Long.SIZE, columns - first);
      long plane = 0;
      int j = 0;
      for (; j + BYTES.length() <= count; j += BYTES.length()) {
        ByteVector some = ByteVector.fromArray(BYTES, codes, from + first + j).and(mask);
        plane |= some.compare(VectorOperators.NE, (byte) 0).toLong() << j;
      }
      for (; j < count; j++) {
        plane |= (codes[from + first + j] >>> bit & 1L) << j;
      }
      words[word + w * stride] = plane;
    }
  }

  /// The sum of some unsigned codes.
  static int sum(byte[] codes, int from, int count) {
    int sum = 0;
    for (int j = 0; j < count; j++) {
      sum += codes[from + j] & 0xFF;
    }
    return sum;
  }
}
