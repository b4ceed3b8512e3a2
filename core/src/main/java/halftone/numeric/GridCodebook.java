package halftone.numeric;

import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.List;
import java.util.zip.CRC32;

/// The codebooks of GGML's grid types: lists of points of 8 or 4 values that an index picks from.
///
/// They are facts of the format (chosen once by the author of ggml by counting which lattice points
/// models use) and cannot be computed. The resource `grid-codebooks.bin` holds them as packed
/// levels, in the order of this list: entry by entry a little-endian 16-bit number, two bits (8
/// positions) or three bits (4 positions) a level, position 0 lowest. Entries ascend by that
/// number. Each table's CRC-32 is checked when it is read.
enum GridCodebook {
  IQ2_XXS(256, 8, List.of(8, 25, 43), 0x9924ff02),
  IQ2_XS(512, 8, List.of(8, 25, 43), 0xfa1e1bfd),
  IQ2_S(1024, 8, List.of(8, 25, 43), 0x25ae5bf1),
  IQ3_XXS(256, 4, List.of(4, 12, 20, 28, 36, 44, 52, 62), 0x07ba9ed0),
  IQ3_S(512, 4, List.of(1, 3, 5, 7, 9, 11, 13, 15), 0xf576e4f3),
  IQ1(2048, 8, List.of(-1, 0, 1), 0xb85e6ccf);

  private static final String RESOURCE = "grid-codebooks.bin";

  private final int size;
  private final int arity;
  private final List<Integer> magnitudes;
  private final int crc;

  GridCodebook(int size, int arity, List<Integer> magnitudes, int crc) {
    this.size = size;
    this.arity = arity;
    this.magnitudes = magnitudes;
    this.crc = crc;
  }

  /// Number of entries.
  int size() {
    return size;
  }

  /// Values in an entry: 8 or 4.
  int arity() {
    return arity;
  }

  /// What the levels decode to, ascending, before scaling.
  List<Integer> magnitudes() {
    return magnitudes;
  }

  /// Reads the levels of all entries: position j of entry e at `e * arity() + j`.
  ///
  /// @throws IllegalStateException when the resource is missing or damaged
  byte[] readLevels() {
    byte[] packed = packedEntries();
    int bits = arity == 8 ? 2 : 3;
    byte[] levels = new byte[size * arity];
    for (int i = 0; i < levels.length; i++) {
      int entry = i / arity;
      int word = packed[2 * entry] & 0xFF | (packed[2 * entry + 1] & 0xFF) << 8;
      levels[i] = (byte) (word >> (bits * (i % arity)) & (1 << bits) - 1);
    }
    return levels;
  }

  /// Reads the decoded values of all entries: position j of entry e at `e * arity() + j`.
  ///
  /// @throws IllegalStateException when the resource is missing or damaged
  byte[] readPoints() {
    byte[] points = readLevels();
    for (int i = 0; i < points.length; i++) {
      if (points[i] >= magnitudes.size()) {
        throw damaged();
      }
      points[i] = magnitudes.get(points[i]).byteValue();
    }
    CRC32 actual = new CRC32();
    actual.update(points);
    if ((int) actual.getValue() != crc) {
      throw damaged();
    }
    return points;
  }

  private byte[] packedEntries() {
    int offset = 0;
    for (GridCodebook earlier : EnumSet.range(IQ2_XXS, this)) {
      offset += earlier == this ? 0 : 2 * earlier.size;
    }
    try (InputStream in = GridCodebook.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw damaged();
      }
      in.skipNBytes(offset);
      byte[] entries = in.readNBytes(2 * size);
      if (entries.length != 2 * size) {
        throw damaged();
      }
      return entries;
    } catch (IOException e) {
      throw new IllegalStateException("cannot read the codebook of " + this, e);
    }
  }

  private IllegalStateException damaged() {
    return new IllegalStateException(
        "resource halftone/numeric/"
            + RESOURCE
            + " is missing or damaged at the codebook of "
            + this);
  }
}
