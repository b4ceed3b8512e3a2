package halftone.numeric;

/// What blocks of IQ1_S or IQ1_M hold, unpacked. Weight i, counted over all blocks:
///
/// @param entries codebook entry of weight i at `i / 8`
/// @param minus 1 at `i / 8` where the shift of weight i's entry is −⅛, 0 where it is +⅛
/// @param scales scale code s of weight i at `i / group`; it multiplies by 2s + 1
/// @param halves the block's d as binary16, at `i / 256`
record Iq1Codes(short[] entries, byte[] minus, byte[] scales, short[] halves) {
  /// Codes of `weights` weights, all zero.
  static Iq1Codes of(int weights, int group) {
    return new Iq1Codes(
        new short[weights / 8],
        new byte[weights / 8],
        new byte[weights / group],
        new short[weights / GridFormat.BLOCK]);
  }
}
