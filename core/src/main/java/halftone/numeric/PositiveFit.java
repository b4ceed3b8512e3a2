package halftone.numeric;

/// Scale of non-negative numbers onto the codes 0 … n, by weighted least squares (QP).
final class PositiveFit {
  private final int[] codes;

  PositiveFit(int size) {
    codes = new int[size];
  }

  float scale(float[] x, float[] weight, int n) {
    float max = 0;
    for (float v : x) max = Math.max(max, v);
    if (max < 1e-15f) return 0;
    float inverse = n / max;
    float least = error(x, weight, n, inverse);
    float chosen = inverse;
    for (int k = -4; k <= 4; k++) {
      if (k == 0) continue;
      float attempt = (0.1f * k + n) / max;
      float error = error(x, weight, n, attempt);
      if (error < least) {
        least = error;
        chosen = attempt;
      }
    }
    float xq = 0, qq = 0;
    for (int i = 0; i < codes.length; i++) {
      int l = Math.min(n, (int) Math.rint(chosen * x[i]));
      codes[i] = l & 0xFF;
      xq += weight[i] * x[i] * l;
      qq += weight[i] * l * l;
    }
    for (int sweep = 0; sweep < 5; sweep++) {
      int changed = 0;
      for (int i = 0; i < codes.length; i++) {
        float w = weight[i];
        float a = xq - w * x[i] * codes[i];
        float b = qq - w * codes[i] * codes[i];
        if (a > 0 && b > 0) {
          int l = Math.min(n, (int) Math.rint(x[i] * b / a));
          if (l != codes[i]) {
            a += w * x[i] * l;
            b += w * l * l;
            if (a * a * qq > xq * xq * b) {
              codes[i] = l & 0xFF;
              xq = a;
              qq = b;
              changed++;
            }
          }
        }
      }
      if (changed == 0) break;
    }
    return qq > 0 ? xq / qq : 0;
  }

  private float error(float[] x, float[] weight, int n, float inverse) {
    float scale = 1 / inverse;
    float error = 0;
    for (int i = 0; i < x.length; i++) {
      int l = Math.min(n, (int) Math.rint(inverse * x[i]));
      float difference = x[i] - scale * l;
      error += weight[i] * difference * difference;
    }
    return error;
  }
}
