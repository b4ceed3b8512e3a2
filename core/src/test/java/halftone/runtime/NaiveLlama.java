package halftone.runtime;

import halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The llama graph written down a second time, in float64, one token after another with a key-value
/// cache: what [Engine] is compared with. Neighbouring rotary pairs, no biases.
record NaiveLlama(
    Map<String, Tensor> tensors,
    int heads,
    int keyValueHeads,
    int headSize,
    double base,
    double epsilon) {
  /// Logits of every position.
  double[][] logits(int[] tokens) {
    double[][] hidden = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      hidden[t] = row("token_embd.weight", tokens[t]);
    }
    for (int i = 0; tensors.containsKey("blk." + i + ".attn_q.weight"); i++) {
      block("blk." + i + ".", hidden);
    }
    boolean tied = !tensors.containsKey("output.weight");
    double[][] logits = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      double[] normed = norm(hidden[t], "output_norm.weight");
      logits[t] = times(tied ? "token_embd.weight" : "output.weight", normed);
    }
    return logits;
  }

  private void block(String prefix, double[][] hidden) {
    List<double[]> keys = new ArrayList<>();
    List<double[]> values = new ArrayList<>();
    for (int t = 0; t < hidden.length; t++) {
      double[] n = norm(hidden[t], prefix + "attn_norm.weight");
      double[] q = rope(times(prefix + "attn_q.weight", n), t);
      keys.add(rope(times(prefix + "attn_k.weight", n), t));
      values.add(times(prefix + "attn_v.weight", n));
      double[] mixed = attend(q, keys, values);
      hidden[t] = plus(hidden[t], times(prefix + "attn_output.weight", mixed));
      double[] m = norm(hidden[t], prefix + "ffn_norm.weight");
      double[] gate = times(prefix + "ffn_gate.weight", m);
      double[] up = times(prefix + "ffn_up.weight", m);
      for (int i = 0; i < gate.length; i++) {
        gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
      }
      hidden[t] = plus(hidden[t], times(prefix + "ffn_down.weight", gate));
    }
  }

  private double[] attend(double[] q, List<double[]> keys, List<double[]> values) {
    double[] out = new double[q.length];
    for (int head = 0; head < heads; head++) {
      int own = head * headSize;
      int shared = head / (heads / keyValueHeads) * headSize;
      double sum = 0;
      double[] mixed = new double[headSize];
      for (int j = 0; j < keys.size(); j++) {
        double score = 0;
        for (int i = 0; i < headSize; i++) {
          score += q[own + i] * keys.get(j)[shared + i];
        }
        double p = Math.exp(score / Math.sqrt(headSize));
        sum += p;
        for (int i = 0; i < headSize; i++) {
          mixed[i] += p * values.get(j)[shared + i];
        }
      }
      for (int i = 0; i < headSize; i++) {
        out[own + i] = mixed[i] / sum;
      }
    }
    return out;
  }

  private double[] rope(double[] x, int position) {
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i += 2) {
      double angle = position * Math.pow(base, -(double) (i % headSize) / headSize);
      out[i] = x[i] * Math.cos(angle) - x[i + 1] * Math.sin(angle);
      out[i + 1] = x[i] * Math.sin(angle) + x[i + 1] * Math.cos(angle);
    }
    return out;
  }

  private double[] norm(double[] x, String gain) {
    double squares = 0;
    for (double v : x) {
      squares += v * v;
    }
    double[] out = row(gain, 0);
    for (int i = 0; i < x.length; i++) {
      out[i] *= x[i] / Math.sqrt(squares / x.length + epsilon);
    }
    return out;
  }

  private double[] times(String weight, double[] x) {
    double[] out = new double[Math.toIntExact(tensors.get(weight).shape().rows())];
    for (int r = 0; r < out.length; r++) {
      double[] row = row(weight, r);
      for (int i = 0; i < x.length; i++) {
        out[r] += row[i] * x[i];
      }
    }
    return out;
  }

  private static double[] plus(double[] a, double[] b) {
    double[] sum = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }

  private double[] row(String name, int index) {
    Tensor tensor = tensors.get(name);
    float[] decoded = new float[tensor.shape().columns()];
    tensor.rows(index, 1, decoded, 0);
    double[] row = new double[decoded.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = decoded[i];
    }
    return row;
  }
}
