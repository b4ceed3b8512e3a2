package halftone.huggingface;

import java.util.Map;

/// The decoders of Hugging Face's `transformers` written down plainly in float64, on the
/// checkpoint's own weights: halves of a head rotate together in every family, and Gemma's norms
/// add 1. What the converted models are compared with. Source: `modeling_llama.py` and its
/// siblings.
final class NaiveFolder {
  private final TinyFolder tiny;
  private final Map<String, TinyFolder.Values> weights;
  private final int headSize;

  NaiveFolder(TinyFolder tiny) {
    this.tiny = tiny;
    this.weights = tiny.weights();
    this.headSize = tiny.headSize();
  }

  /// Logits of every position.
  double[][] logits(int[] tokens) {
    double[][] hidden = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      hidden[t] = row("model.embed_tokens.weight", tokens[t]);
      if (tiny.isGemma()) {
        scale(hidden[t], Math.sqrt(TinyFolder.WIDTH));
      }
    }
    for (int block = 0; block < tiny.blocks(); block++) {
      block(block, hidden);
    }
    double[][] logits = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      double[] normed = norm(hidden[t], 0, TinyFolder.WIDTH, "model.norm");
      logits[t] = times(tiny.isTied() ? "model.embed_tokens" : "lm_head", normed);
      if (tiny.family().equals("gemma2")) {
        cap(logits[t], 3);
      }
    }
    return logits;
  }

  private void block(int index, double[][] hidden) {
    String prefix = "model.layers." + index + ".";
    double[][][] parts = new double[hidden.length][][];
    for (int t = 0; t < hidden.length; t++) {
      parts[t] =
          projections(index, t, norm(hidden[t], 0, TinyFolder.WIDTH, prefix + "input_layernorm"));
    }
    for (int t = 0; t < hidden.length; t++) {
      double[] mixed = times(prefix + "self_attn.o_proj", attend(index, t, parts));
      if (tiny.isGemma()) {
        mixed = norm(mixed, 0, TinyFolder.WIDTH, prefix + "post_attention_layernorm");
      }
      hidden[t] = plus(hidden[t], mixed);
      String before = tiny.isGemma() ? "pre_feedforward_layernorm" : "post_attention_layernorm";
      double[] inner = feedForward(prefix, norm(hidden[t], 0, TinyFolder.WIDTH, prefix + before));
      if (tiny.isGemma()) {
        inner = norm(inner, 0, TinyFolder.WIDTH, prefix + "post_feedforward_layernorm");
      }
      hidden[t] = plus(hidden[t], inner);
    }
  }

  private double[][] projections(int block, int position, double[] normed) {
    String prefix = "model.layers." + block + ".self_attn.";
    int queries = TinyFolder.HEADS * headSize;
    int keys = TinyFolder.KEY_VALUE_HEADS * headSize;
    double[] q;
    double[] k;
    double[] v;
    if (tiny.family().equals("phi3")) {
      double[] all = times(prefix + "qkv_proj", normed);
      q = java.util.Arrays.copyOfRange(all, 0, queries);
      k = java.util.Arrays.copyOfRange(all, queries, queries + keys);
      v = java.util.Arrays.copyOfRange(all, queries + keys, queries + 2 * keys);
    } else {
      q = times(prefix + "q_proj", normed);
      k = times(prefix + "k_proj", normed);
      v = times(prefix + "v_proj", normed);
    }
    if (weights.containsKey(prefix + "q_norm.weight")) {
      q = normHeads(q, prefix + "q_norm");
      k = normHeads(k, prefix + "k_norm");
    }
    return new double[][] {rotate(q, block, position), rotate(k, block, position), v};
  }

  private double[] normHeads(double[] x, String name) {
    double[] out = new double[x.length];
    for (int at = 0; at < x.length; at += headSize) {
      System.arraycopy(norm(x, at, headSize, name), 0, out, at, headSize);
    }
    return out;
  }

  /// x · cos + rotate_half(x) · sin.
  private double[] rotate(double[] x, int block, int position) {
    double magnitude =
        tiny.family().equals("phi3")
            ? Math.sqrt(1 + Math.log(TinyFolder.CONTEXT / 256.0) / Math.log(256))
            : 1;
    int half = headSize / 2;
    double[] out = new double[x.length];
    for (int at = 0; at < x.length; at += headSize) {
      for (int j = 0; j < half; j++) {
        double angle = position * frequency(block, j);
        double a = x[at + j];
        double b = x[at + j + half];
        out[at + j] = magnitude * (a * Math.cos(angle) - b * Math.sin(angle));
        out[at + j + half] = magnitude * (b * Math.cos(angle) + a * Math.sin(angle));
      }
    }
    return out;
  }

  private double frequency(int block, int j) {
    boolean local = tiny.family().equals("gemma3") && isWindowed(block);
    double base = local ? 10_000 : TinyFolder.BASE;
    double frequency = 1 / Math.pow(base, 2.0 * j / headSize);
    return switch (tiny.family()) {
      case "llama" -> llama3(frequency);
      case "gemma3" -> local ? frequency : frequency / 8;
      case "phi3" -> frequency / tiny.factors(1.1).get(j);
      default -> frequency;
    };
  }

  /// `_compute_llama3_parameters` with factors 8, 1, 4 at 64.
  private static double llama3(double frequency) {
    double wavelength = 2 * Math.PI / frequency;
    if (wavelength > 64 / 1.0) {
      return frequency / 8;
    }
    if (wavelength < 64 / 4.0) {
      return frequency;
    }
    double smooth = (64 / wavelength - 1) / (4 - 1);
    return (1 - smooth) * frequency / 8 + smooth * frequency;
  }

  private boolean isWindowed(int block) {
    return switch (tiny.family()) {
      case "gemma2" -> block % 2 == 0;
      case "gemma3" -> (block + 1) % 6 != 0;
      default -> false;
    };
  }

  private double[] attend(int block, int position, double[][][] parts) {
    double[] out = new double[TinyFolder.HEADS * headSize];
    int first = isWindowed(block) ? Math.max(0, position - TinyFolder.WINDOW + 1) : 0;
    for (int head = 0; head < TinyFolder.HEADS; head++) {
      int own = head * headSize;
      int shared = head / (TinyFolder.HEADS / TinyFolder.KEY_VALUE_HEADS) * headSize;
      double sum = 0;
      for (int t = first; t <= position; t++) {
        double score = 0;
        for (int i = 0; i < headSize; i++) {
          score += parts[position][0][own + i] * parts[t][1][shared + i];
        }
        score /= Math.sqrt(headSize);
        double p = Math.exp(tiny.family().equals("gemma2") ? 2 * Math.tanh(score / 2) : score);
        sum += p;
        for (int i = 0; i < headSize; i++) {
          out[own + i] += p * parts[t][2][shared + i];
        }
      }
      for (int i = 0; i < headSize; i++) {
        out[own + i] /= sum;
      }
    }
    return out;
  }

  private double[] feedForward(String prefix, double[] x) {
    int inner = TinyFolder.FEED_FORWARD;
    boolean fused = tiny.family().equals("phi3");
    double[] both = fused ? times(prefix + "mlp.gate_up_proj", x) : new double[0];
    double[] gate = fused ? both : times(prefix + "mlp.gate_proj", x);
    double[] up = fused ? both : times(prefix + "mlp.up_proj", x);
    double[] gated = new double[inner];
    for (int i = 0; i < inner; i++) {
      gated[i] = activate(gate[i]) * up[fused ? inner + i : i];
    }
    return times(prefix + "mlp.down_proj", gated);
  }

  private double activate(double x) {
    return tiny.isGemma()
        ? 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))
        : x / (1 + Math.exp(-x));
  }

  private double[] norm(double[] x, int at, int length, String name) {
    double squares = 0;
    for (int i = 0; i < length; i++) {
      squares += x[at + i] * x[at + i];
    }
    double[] out = row(name + ".weight", 0);
    for (int i = 0; i < length; i++) {
      double gain = tiny.isGemma() ? 1 + out[i] : out[i];
      out[i] = gain * x[at + i] / Math.sqrt(squares / length + TinyFolder.EPSILON);
    }
    return out;
  }

  private double[] times(String name, double[] x) {
    TinyFolder.Values weight = java.util.Objects.requireNonNull(weights.get(name + ".weight"));
    TinyFolder.Values bias = weights.get(name + ".bias");
    double[] out = new double[weight.values().length / x.length];
    for (int row = 0; row < out.length; row++) {
      double sum = bias == null ? 0 : bias.values()[row];
      for (int i = 0; i < x.length; i++) {
        sum += weight.values()[row * x.length + i] * x[i];
      }
      out[row] = sum;
    }
    return out;
  }

  private double[] row(String name, int index) {
    TinyFolder.Values weight = java.util.Objects.requireNonNull(weights.get(name));
    int columns = Math.toIntExact(weight.extents().getLast());
    double[] row = new double[columns];
    for (int i = 0; i < columns; i++) {
      row[i] = weight.values()[index * columns + i];
    }
    return row;
  }

  private static double[] plus(double[] a, double[] b) {
    double[] sum = a.clone();
    for (int i = 0; i < a.length; i++) {
      sum[i] += b[i];
    }
    return sum;
  }

  private static void scale(double[] x, double factor) {
    for (int i = 0; i < x.length; i++) {
      x[i] *= factor;
    }
  }

  private static void cap(double[] x, double cap) {
    for (int i = 0; i < x.length; i++) {
      x[i] = cap * Math.tanh(x[i] / cap);
    }
  }
}
