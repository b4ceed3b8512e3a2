package halftone.tensor;

import java.lang.foreign.MemorySegment;

/// Rows that lie one after the other in memory or in a mapped file.
record StoredRows(MemorySegment bytes, long rowBytes) implements RowBytes {
  @Override
  public MemorySegment rows(long from, int count) {
    return bytes.asSlice(from * rowBytes, Math.multiplyExact(count, rowBytes));
  }
}
