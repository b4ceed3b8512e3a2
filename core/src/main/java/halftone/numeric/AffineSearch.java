package halftone.numeric;

/// ggml's `make_qkx2_quants` and `make_qkx3_quants`: scale and min of each group, x ≈ scale · code
/// + min, min ≤ 0, by a least-squares refit for each of `steps + 1` trial scales. An accepted min
///   changes the trials after it.
///
/// @param maxCode codes run from 0 to this
/// @param first added to `maxCode` in the first trial
/// @param delta added in every further one
/// @param steps trials after the first
/// @param absolute compare Σ w·|e| instead of Σ w·e²
public record AffineSearch(int maxCode, float first, float delta, int steps, boolean absolute) {
  /// What the largest weight of a group is scaled to in a trial.
  public float extent(int trial) {
    return first + delta * trial + maxCode;
  }

  /// That of the start, which is taken as it is, and those of the trials in order.
  public float[] extents() {
    float[] extents = new float[steps + 2];
    extents[0] = maxCode;
    for (int trial = 0; trial <= steps; trial++) {
      extents[trial + 1] = extent(trial);
    }
    return extents;
  }
}
