package halftone.numeric;

/// Fits a scale to magnitudes by weighted least squares onto the codes 0 … n: nine trial scales,
/// then coordinate descent. GGML's encoders call it for second-level scales; IQ2_XXS starts its
/// search from it.
///
/// The reference keeps codes in unsigned bytes, so the code −1 of a negative magnitude (a flipped
/// sign) reads back as 255. That is part of the format's bytes and reproduced here. Not safe for
/// concurrent use.
final class PositiveFit {
  private static final int SWEEPS = 5;
  private static final float NEGLIGIBLE = 1e-15f;

  private final int[] codes;
  private float xq;
  private float qq;

  PositiveFit(int size) {
    codes = new int[size];
  }

  /// The scale for codes 0 … n, 0 where nothing is positive.
  float scale(float[] x, float[] weight, int n) {
    float max = 0;
    for (float value : x) {
      max = Math.max(max, value);
    }
    if (max < NEGLIGIBLE) {
      return 0;
    }
    start(x, weight, n, bestInverse(x, weight, n, max));
    for (int sweep = 0; sweep < SWEEPS && improve(x, weight, n); sweep++) {}
    return qq > 0 ? xq / qq : 0;
  }

  private float bestInverse(float[] x, float[] weight, int n, float max) {
    float best = n / max;
    float least = error(x, weight, n, best, 0xFF);
    for (int k = -4; k <= 4; k++) {
      float inverse = (0.1f * k + n) / max;
      float error = k == 0 ? least : error(x, weight, n, inverse, -1);
      if (error < least) {
        least = error;
        best = inverse;
      }
    }
    return best;
  }

  private static float error(float[] x, float[] weight, int n, float inverse, int mask) {
    float scale = 1 / inverse;
    float error = 0;
    for (int i = 0; i < x.length; i++) {
      float difference = x[i] - scale * (code(inverse * x[i], n) & mask);
      error += weight[i] * difference * difference;
    }
    return error;
  }

  private void start(float[] x, float[] weight, int n, float inverse) {
    xq = 0;
    qq = 0;
    for (int i = 0; i < codes.length; i++) {
      int code = code(inverse * x[i], n);
      codes[i] = code & 0xFF;
      xq += weight[i] * x[i] * code;
      qq += weight[i] * code * code;
    }
  }

  /// Moves each code to where it serves best while the others stay; whether any moved.
  private boolean improve(float[] x, float[] weight, int n) {
    boolean moved = false;
    for (int i = 0; i < codes.length; i++) {
      float otherXq = xq - weight[i] * x[i] * codes[i];
      float otherQq = qq - weight[i] * codes[i] * codes[i];
      if (otherXq > 0 && otherQq > 0) {
        int code = code(x[i] * otherQq / otherXq, n);
        float newXq = otherXq + weight[i] * x[i] * code;
        float newQq = otherQq + weight[i] * code * code;
        if (code != codes[i] && newXq * newXq * qq > xq * xq * newQq) {
          codes[i] = code & 0xFF;
          xq = newXq;
          qq = newQq;
          moved = true;
        }
      }
    }
    return moved;
  }

  private static int code(float value, int n) {
    return Math.min(n, (int) Math.rint(value));
  }
}
