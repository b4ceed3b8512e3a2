package halftone.vision;

import halftone.kernel.VectorKernels;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// ResNet-20 for CIFAR-10 with its batch norms folded in; every layer a matrix, {outputs × 9 ·
/// inputs} for a convolution, columns by place in the window, then channel. Shortcuts take every
/// second pixel and pad channels with zeros.
public final class ResNet20 {
  static final String FIRST = "conv1";
  static final String LAST = "linear";
  private static final int BATCH = 50;
  private static final int CLASSES = 10;
  private static final double EPSILON = 1e-5;
  private static final Pattern ENTRY =
      Pattern.compile(
          "\"([\\w.]+)\":\\{\"dtype\":\"F32\",\"shape\":\\[[\\d,]*\\],\"data_offsets\":\\[(\\d+),(\\d+)\\]");

  /// A layer's matrix, row-major, and its bias.
  public record Layer(int outputs, int columns, float[] weight, float[] bias) {}

  /// Sees the inputs of a layer, some rows at a time.
  public interface Tap {
    void inputs(String layer, float[] rows, int count);
  }

  private final SequencedMap<String, Layer> layers;

  private ResNet20(SequencedMap<String, Layer> layers) {
    this.layers = layers;
  }

  public static ResNet20 read(Path safetensors) throws IOException {
    ByteBuffer file =
        ByteBuffer.wrap(Files.readAllBytes(safetensors)).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(file.getLong(0));
    String json = new String(file.array(), 8, header, StandardCharsets.UTF_8).replace(" ", "");
    Map<String, float[]> arrays = new HashMap<>();
    for (Matcher entry = ENTRY.matcher(json); entry.find(); ) {
      int from = Integer.parseInt(entry.group(2));
      float[] values = new float[(Integer.parseInt(entry.group(3)) - from) / Float.BYTES];
      file.slice(8 + header + from, values.length * Float.BYTES)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(values);
      arrays.put(entry.group(1), values);
    }
    SequencedMap<String, Layer> layers = new LinkedHashMap<>();
    layers.put(FIRST, folded(arrays, FIRST, "bn1"));
    for (int stage = 1; stage <= 3; stage++) {
      for (int block = 0; block < 3; block++) {
        for (int i = 1; i <= 2; i++) {
          String in = "layer%d.%d.".formatted(stage, block);
          layers.put(in + "conv" + i, folded(arrays, in + "conv" + i, in + "bn" + i));
        }
      }
    }
    float[] head = arrays.get(LAST + ".weight");
    layers.put(LAST, new Layer(CLASSES, head.length / CLASSES, head, arrays.get(LAST + ".bias")));
    return new ResNet20(layers);
  }

  /// Channels go behind places, and the norm goes into weight and bias.
  private static Layer folded(Map<String, float[]> arrays, String name, String norm) {
    float[] gain = arrays.get(norm + ".weight");
    float[] mean = arrays.get(norm + ".running_mean");
    float[] variance = arrays.get(norm + ".running_var");
    float[] stored = arrays.get(name + ".weight");
    int outputs = gain.length;
    int columns = stored.length / outputs;
    int channels = columns / 9;
    float[] weight = new float[stored.length];
    float[] bias = arrays.get(norm + ".bias").clone();
    for (int o = 0; o < outputs; o++) {
      float scale = (float) (gain[o] / Math.sqrt(variance[o] + EPSILON));
      bias[o] -= mean[o] * scale;
      for (int c = 0; c < channels; c++) {
        for (int place = 0; place < 9; place++) {
          weight[o * columns + place * channels + c] = scale * stored[o * columns + c * 9 + place];
        }
      }
    }
    return new Layer(outputs, columns, weight, bias);
  }

  public SequencedMap<String, Layer> layers() {
    return layers;
  }

  /// The network with other weights.
  public ResNet20 with(Map<String, float[]> weights) {
    SequencedMap<String, Layer> changed = new LinkedHashMap<>(layers);
    weights.forEach(
        (name, weight) ->
            changed.computeIfPresent(
                name, (n, old) -> new Layer(old.outputs(), old.columns(), weight, old.bias())));
    return new ResNet20(changed);
  }

  /// The share of images whose class it finds.
  public double accuracy(CifarImages images, Tap tap, Workers workers) {
    int right = 0;
    for (int from = 0; from < images.count(); from += BATCH) {
      int count = Math.min(BATCH, images.count() - from);
      float[] logits = logits(images.batch(from, count), count, tap, workers);
      for (int i = 0; i < count; i++) {
        int best = 0;
        for (int c = 1; c < CLASSES; c++) {
          best = logits[i * CLASSES + c] > logits[i * CLASSES + best] ? c : best;
        }
        right += best == images.classes()[from + i] ? 1 : 0;
      }
    }
    return (double) right / images.count();
  }

  private float[] logits(float[] images, int count, Tap tap, Workers workers) {
    int side = CifarImages.SIDE;
    int channels = 16;
    float[] x = relu(convolved(FIRST, images, count, side, 1, tap, workers));
    for (int stage = 1; stage <= 3; stage++) {
      for (int block = 0; block < 3; block++) {
        String in = "layer%d.%d.".formatted(stage, block);
        int stride = stage > 1 && block == 0 ? 2 : 1;
        float[] y = relu(convolved(in + "conv1", x, count, side, stride, tap, workers));
        y = convolved(in + "conv2", y, count, side / stride, 1, tap, workers);
        addShortcut(y, x, count, side, channels, stride);
        side /= stride;
        channels *= stride;
        x = relu(y);
      }
    }
    float[] means = new float[count * channels];
    int pixels = side * side;
    for (int i = 0; i < x.length; i++) {
      means[i / channels / pixels * channels + i % channels] += x[i] / pixels;
    }
    return product(LAST, means, count, tap, workers);
  }

  private static float[] relu(float[] x) {
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.max(0, x[i]);
    }
    return x;
  }

  private float[] convolved(
      String name, float[] x, int count, int side, int stride, Tap tap, Workers workers) {
    Layer layer = layers.get(name);
    int channels = layer.columns() / 9;
    int out = side / stride;
    float[] rows = new float[count * out * out * layer.columns()];
    workers.forEach(
        count * out,
        line -> {
          int image = line / out;
          int top = line % out * stride - 1;
          for (int column = 0; column < out; column++) {
            int at = (line * out + column) * layer.columns();
            for (int place = 0; place < 9; place++) {
              int r = top + place / 3;
              int c = column * stride - 1 + place % 3;
              if (r >= 0 && r < side && c >= 0 && c < side) {
                int from = ((image * side + r) * side + c) * channels;
                System.arraycopy(x, from, rows, at + place * channels, channels);
              }
            }
          }
        });
    return product(name, rows, count * out * out, tap, workers);
  }

  private float[] product(String name, float[] rows, int count, Tap tap, Workers workers) {
    Layer layer = layers.get(name);
    tap.inputs(name, rows, count);
    // The long side second, which is cut into pieces for the threads.
    float[] byOutput =
        VectorKernels.multiplyTransposed(
            layer.weight(), rows, layer.outputs(), count, layer.columns(), workers);
    float[] y = new float[byOutput.length];
    for (int i = 0; i < y.length; i++) {
      int output = i % layer.outputs();
      y[i] = byOutput[output * count + i / layer.outputs()] + layer.bias()[output];
    }
    return y;
  }

  /// New channels lie evenly below and above the old ones.
  private static void addShortcut(
      float[] y, float[] x, int count, int side, int channels, int stride) {
    int wide = channels * stride;
    int below = (wide - channels) / 2;
    int out = side / stride;
    for (int pixel = 0; pixel < count * out * out; pixel++) {
      int image = pixel / (out * out);
      int row = pixel / out % out * stride;
      int column = pixel % out * stride;
      int from = ((image * side + row) * side + column) * channels;
      for (int c = 0; c < channels; c++) {
        y[pixel * wide + below + c] += x[from + c];
      }
    }
  }
}
