package halftone.numeric;

/// Working memory of an encoder, for blocks of up to 256 weights. One a thread of work; contents mean nothing between
/// calls.
final class Scratch {
  final byte[] codes = new byte[256];
  final byte[] trial = new byte[256];
  final float[] weights = new float[256];
  final float[] scales = new float[16];
  final float[] mins = new float[16];
  final float[] groupWeights = new float[16];
  final byte[] scaleCodes = new byte[16];
  final byte[] minCodes = new byte[16];

  /// The minimum found by the last affine search, negated.
  float min;
}
