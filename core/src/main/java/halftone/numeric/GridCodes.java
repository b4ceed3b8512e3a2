package halftone.numeric;

/// What blocks of a grid type hold, unpacked; the same for every grid type. Weight i, counted over
/// all blocks:
///
/// @param entries codebook entry of weight i at `i / arity`
/// @param signs bit i mod 8 of element `i / 8` is set where the weight is negative
/// @param scales scale code s of weight i at `i / group`; it multiplies by 2s + 1
/// @param halves the block's d as binary16, at `i / 256`
record GridCodes(short[] entries, byte[] signs, byte[] scales, short[] halves) {
  /// Codes of `weights` weights, all zero.
  static GridCodes of(int weights, GridShape shape) {
    return new GridCodes(
        new short[weights / shape.codebook().arity()],
        new byte[weights / 8],
        new byte[weights / shape.group()],
        new short[weights / GridFormat.BLOCK]);
  }
}
