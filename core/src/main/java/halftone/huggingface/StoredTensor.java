package halftone.huggingface;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// A tensor as safetensors stores it: row-major, the contiguous extent last.
///
/// Example: a linear layer from 768 inputs to 1536 outputs has the extents [1536, 768].
///
/// @param file the file it stands in, for messages
/// @param type its name in the header, such as `BF16`
record StoredTensor(
    String file, String name, String type, List<Long> extents, MemorySegment bytes) {
  StoredTensor {
    extents = List.copyOf(extents);
  }
}
