package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// A way to store numbers as bits: any format that can be read. Members are stateless and compared
/// by identity.
public interface NumberFormat {
  /// The format's own name, spelled as its users spell it: `Q4_K`, `IQ3_S`, `F16`.
  String id();

  BlockLayout layout();

  /// Decodes `count` weights, a whole number of blocks, from the block at byte `offset` of `in`
  /// into `out[at …]`. Bit for bit what the format's reference decoder gives.
  void decode(MemorySegment in, long offset, float[] out, int at, int count);
}
