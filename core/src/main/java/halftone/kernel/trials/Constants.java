package halftone.kernel.trials;

import halftone.machine.Assembler;
import java.util.Arrays;

/// Constants of emitted code with vectors of 256 bits: each is a vector, and named by where it
/// begins, in bytes.
final class Constants {
  static final int LANES = 8;
  static final int VECTOR = LANES * Float.BYTES;

  private final int[] words;

  /// Room for so many.
  Constants(int count) {
    words = new int[count * LANES];
  }

  /// An integer in all lanes.
  Constants with(int at, int value) {
    Arrays.fill(words, at / Integer.BYTES, (at + VECTOR) / Integer.BYTES, value);
    return this;
  }

  /// A float in all lanes.
  Constants with(int at, float value) {
    return with(at, Float.floatToRawIntBits(value));
  }

  /// What [Assembler#toBytes] needs.
  Constants withOrderOfBytes(int at) {
    for (int lane = 0; lane < LANES; lane++) {
      words[at / Integer.BYTES + lane] = Assembler.ORDER_OF_BYTES.get(lane);
    }
    return this;
  }

  /// Twice the places of the lanes of so many vectors, from this constant on.
  Constants withPlaces(int at, int vectors) {
    for (int place = 0; place < vectors * LANES; place++) {
      words[at / Integer.BYTES + place] = 2 * place;
    }
    return this;
  }

  int[] words() {
    return words;
  }
}
