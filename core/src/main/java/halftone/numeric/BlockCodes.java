package halftone.numeric;

/// Where the codes of a block lie.
interface BlockCodes {
  /// The code of element `i` of the block at `from`, as a small non-negative number.
  int code(byte[] blocks, int from, int i);

  void setCode(byte[] blocks, int from, int i, int code);
}
