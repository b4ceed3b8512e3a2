package halftone.parts;

import java.util.SequencedMap;

/// A summand of a [Composite], as it is stored. Immutable.
public sealed interface Part
    permits GroupCodes, RowTables, ScaledElements, Outliers, LowRank, Formatted, SomeRows {
  /// What the layout calls this kind of part.
  String kind();

  int rows();

  int columns();

  /// Adds rows `from … from + count − 1` to `out[at …]`, row-major.
  void add(int from, int count, float[] out, int at);

  /// What is stored, by name, in the order of the file.
  SequencedMap<String, Field> fields();

  default long bytes() {
    return fields().values().stream().mapToLong(field -> field.bytes().byteSize()).sum();
  }
}
