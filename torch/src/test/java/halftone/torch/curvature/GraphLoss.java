package halftone.torch.curvature;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Losses written straight as libtorch graphs, with seeded data.
final class GraphLoss implements Loss {
  private final SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
  private final List<Supplier<BatchLoss>> batches = new ArrayList<>();

  GraphLoss parameter(String name, Tensor leaf) {
    parameters.put(name, leaf.set_requires_grad(true));
    return this;
  }

  GraphLoss batch(Supplier<BatchLoss> batch) {
    batches.add(batch);
    return this;
  }

  @Override
  public SequencedMap<String, Tensor> parameters() {
    return parameters;
  }

  @Override
  public int batches() {
    return batches.size();
  }

  @Override
  public BatchLoss batch(int index) {
    return batches.get(index).get();
  }

  Tensor get(String name) {
    return parameters.get(name);
  }

  static Tensor gaussian(long seed, ScalarType type, double scale, long... sizes) {
    Random random = new Random(seed);
    int count = 1;
    for (long size : sizes) {
      count *= (int) size;
    }
    double[] values = new double[count];
    java.util.Arrays.setAll(values, i -> scale * random.nextGaussian());
    return Tensor.create(values).reshape(sizes).to(type);
  }

  static Tensor labels(long seed, int count, int classes) {
    Random random = new Random(seed);
    long[] labels = new long[count];
    java.util.Arrays.setAll(labels, i -> random.nextInt(classes));
    return Tensor.create(labels);
  }

  static BatchLoss crossEntropy(Tensor logits, Tensor labels) {
    return new BatchLoss(
        torch.cross_entropy_loss(logits, labels), labels.numel(), BatchLoss.Reduction.MEAN, logits);
  }

  /// ½ wᵀAw + bᵀw.
  static GraphLoss quadratic(Tensor a, Tensor b) {
    GraphLoss loss = new GraphLoss();
    loss.parameter("w", gaussian(9, a.scalar_type().intern(), 1, a.size(0)));
    return loss.batch(
        () -> {
          Tensor w = loss.get("w");
          Tensor value = torch.dot(w, torch.mv(a, w)).mul(new Scalar(0.5)).add(torch.dot(b, w));
          return new BatchLoss(value, 1, BatchLoss.Reduction.MEAN, null);
        });
  }

  static Tensor symmetric(int size, ScalarType type) {
    Tensor random = gaussian(21, type, 1, size, size);
    return random.add(random.t());
  }

  /// Logits x W of `samples` rows, W features × classes.
  static GraphLoss softmaxRegression(Tensor x, Tensor labels, int classes) {
    GraphLoss loss = new GraphLoss();
    ScalarType type = x.scalar_type().intern();
    loss.parameter("w", gaussian(5, type, 0.3, x.size(1), classes));
    return loss.batch(() -> crossEntropy(torch.matmul(x, loss.get("w")), labels));
  }

  /// 6 → 12 → 4 with tanh, 136 parameters, some curvature everywhere.
  static GraphLoss perceptron(ScalarType type) {
    GraphLoss loss = new GraphLoss();
    Tensor x = gaussian(1, type, 1, 40, 6);
    Tensor labels = labels(2, 40, 4);
    loss.parameter("first", gaussian(3, type, 0.5, 6, 12));
    loss.parameter("bias", gaussian(6, type, 0.1, 12));
    loss.parameter("second", gaussian(4, type, 0.5, 12, 4));
    return loss.batch(
        () -> {
          Tensor hidden = torch.tanh(torch.matmul(x, loss.get("first")).add(loss.get("bias")));
          return crossEntropy(torch.matmul(hidden, loss.get("second")), labels);
        });
  }

  /// Two convolutions of 3×3 with rectifiers, a mean over the image, a linear layer, on stripes of
  /// four directions in noise.
  static GraphLoss convolutional(ScalarType type) {
    GraphLoss loss = new GraphLoss();
    int samples = 96;
    Tensor labels = labels(8, samples, 4);
    Tensor images = stripes(labels, samples, type);
    loss.parameter("conv1", gaussian(11, type, 0.4, 6, 1, 3, 3));
    loss.parameter("conv2", gaussian(12, type, 0.2, 8, 6, 3, 3));
    loss.parameter("linear", gaussian(13, type, 0.4, 4, 8));
    return loss.batch(
        () -> {
          Tensor first = torch.relu(torch.conv2d(images, loss.get("conv1")));
          Tensor second = torch.relu(torch.conv2d(first, loss.get("conv2")));
          Tensor pooled = second.mean(2, 3);
          return crossEntropy(torch.linear(pooled, loss.get("linear")), labels);
        });
  }

  private static Tensor stripes(Tensor labels, int samples, ScalarType type) {
    Random random = new Random(14);
    double[] pixels = new double[samples * 64];
    for (int i = 0; i < samples; i++) {
      int direction = (int) labels.select(0, i).item_long();
      int phase = random.nextInt(4);
      for (int p = 0; p < 64; p++) {
        int across = new int[] {p / 8, p % 8, p / 8 + p % 8, p / 8 - p % 8 + 8}[direction];
        pixels[i * 64 + p] = ((across + phase) % 4 < 2 ? 1 : -1) + 0.7 * random.nextGaussian();
      }
    }
    return Tensor.create(pixels).reshape(samples, 1, 8, 8).to(type);
  }
}
