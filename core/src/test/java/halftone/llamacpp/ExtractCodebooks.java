package halftone.llamacpp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Reads the codebooks of the grid types out of the real library, by decoding a block for every
/// code, and writes the resource `halftone/numeric/grid-codebooks.bin`.
///
/// The file holds six tables one after another: IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S, IQ1. An
/// entry is a little-endian 16-bit number that packs one level a position, position 0 lowest: two
/// bits a position for eight positions, or three bits for four. Run from `core` after `mvn
/// test-compile`: `java -cp target/test-classes:target/classes:JUNIT_API_JAR
/// --enable-native-access=ALL-UNNAMED -Dhalftone.llamacpp=FOLDER halftone.llamacpp.ExtractCodebooks
/// src/main/resources/halftone/numeric/grid-codebooks.bin`
public final class ExtractCodebooks {
  /// How one table is read.
  ///
  /// @param type a GGML type that uses the table
  /// @param positions values an entry holds
  /// @param levels what level 0, 1 … decodes to when the block's scale is one `unit`
  /// @param unit what a block with d = 1 and all other scale bits 0 multiplies by
  /// @param shift what such a block adds to every value (IQ1's offset)
  record Table(
      int type, int entries, int positions, List<Integer> levels, float unit, float shift) {
    int bits() {
      return positions == 8 ? 2 : 3;
    }
  }

  private static final int WEIGHTS = 256;
  private static final List<Integer> TWO_BIT = List.of(8, 25, 43);
  static final List<Table> TABLES =
      List.of(
          new Table(16, 256, 8, TWO_BIT, 0.125f, 0),
          new Table(17, 512, 8, TWO_BIT, 0.125f, 0),
          new Table(22, 1024, 8, TWO_BIT, 0.125f, 0),
          new Table(18, 256, 4, List.of(4, 12, 20, 28, 36, 44, 52, 62), 0.25f, 0),
          new Table(21, 512, 4, List.of(1, 3, 5, 7, 9, 11, 13, 15), 1, 0),
          new Table(19, 2048, 8, List.of(-1, 0, 1), 1, 0.125f));

  private ExtractCodebooks() {}

  public static void main(String[] arguments) throws IOException {
    LlamaCppLibrary library = AssumedLlamaCpp.find().orElseThrow();
    Files.write(Path.of(arguments[0]), extract(new Ggml(library)));
  }

  /// All tables in the resource's form.
  static byte[] extract(Ggml ggml) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Table table : TABLES) {
      for (int code = 0; code < table.entries(); code++) {
        int packed =
            packed(table, ggml.dequantize(table.type(), block(ggml, table, code), WEIGHTS));
        out.write(packed);
        out.write(packed >> 8);
      }
    }
    return out.toByteArray();
  }

  /// A block of scale one whose first entry is `code` and the rest zero.
  private static byte[] block(Ggml ggml, Table table, int code) {
    byte[] block = new byte[ggml.blockBytes(table.type())];
    block[1] = 0x3C;
    block[2] = (byte) code;
    int high = code >> 8;
    switch (table.type()) {
      case 17 -> block[3] = (byte) high;
      case 22, 21 -> block[66] = (byte) high;
      case 19 -> block[34] = (byte) high;
      default -> {}
    }
    return block;
  }

  private static int packed(Table table, float[] values) {
    int packed = 0;
    for (int j = 0; j < table.positions(); j++) {
      float value = (values[j] - table.shift()) / table.unit();
      int level = table.levels().indexOf((int) value);
      if (level < 0 || (int) value != value) {
        throw new IllegalStateException("type " + table.type() + " decodes to " + value);
      }
      packed |= level << (table.bits() * j);
    }
    return packed;
  }
}
