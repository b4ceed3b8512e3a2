package halftone.torch.curvature;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Where each block of parameters lies in a flat vector.
///
/// @param lengths elements of each block, in order
/// @param type float32 or float64: curvature drowns in the rounding of shorter types
public record Layout(SequencedMap<String, Long> lengths, ScalarType type) {
  public Layout {
    lengths = new LinkedHashMap<>(lengths);
    if (lengths.isEmpty() || lengths.values().stream().anyMatch(length -> length < 1)) {
      throw new IllegalArgumentException("curvature of no parameters");
    }
    if (type != ScalarType.Float && type != ScalarType.Double) {
      throw new IllegalArgumentException("curvature needs float32 or float64, not " + type);
    }
  }

  /// Of these tensors, which are all of one type.
  public static Layout of(SequencedMap<String, Tensor> parameters) {
    SequencedMap<String, Long> lengths = new LinkedHashMap<>();
    parameters.forEach((name, tensor) -> lengths.put(name, tensor.numel()));
    ScalarType type =
        parameters.isEmpty()
            ? ScalarType.Float
            : parameters.firstEntry().getValue().scalar_type().intern();
    return new Layout(lengths, type);
  }

  /// Elements of all blocks.
  public long size() {
    return lengths.values().stream().mapToLong(Long::longValue).sum();
  }

  /// Random vectors whose elements have mean 0 and variance 1.
  public enum Noise {
    /// −1 or 1.
    RADEMACHER,
    GAUSSIAN
  }

  /// A random vector. Each block's elements depend on the seed, the probe's number and the block's
  /// name alone: a layer more or less changes nothing elsewhere.
  public Tensor random(Noise noise, long seed, int probe) {
    double[] values = new double[Math.toIntExact(size())];
    int at = 0;
    for (Map.Entry<String, Long> block : lengths.entrySet()) {
      long mixed = (seed * 31 + probe) * 0x9E3779B97F4A7C15L ^ hash(block.getKey());
      RandomGenerator random = new SplittableRandom(mixed);
      for (int end = at + Math.toIntExact(block.getValue()); at < end; at++) {
        values[at] = noise == Noise.GAUSSIAN ? random.nextGaussian() : random.nextInt(2) * 2 - 1;
      }
    }
    return Tensor.create(values).to(type);
  }

  /// 64-bit FNV-1a, the same on every machine.
  private static long hash(String name) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  /// v_l · w_l for each block l.
  public SequencedMap<String, Double> dots(Tensor v, Tensor w) {
    SequencedMap<String, Double> dots = new LinkedHashMap<>();
    long at = 0;
    for (Map.Entry<String, Long> block : lengths.entrySet()) {
      Tensor a = v.narrow(0, at, block.getValue());
      dots.put(block.getKey(), dot(a, w.narrow(0, at, block.getValue())));
      at += block.getValue();
    }
    return dots;
  }

  /// The scalar product, summed in float64.
  static double dot(Tensor v, Tensor w) {
    return torch.dot(v.to(ScalarType.Double), w.to(ScalarType.Double)).item_double();
  }

  static double norm(Tensor v) {
    return Math.sqrt(dot(v, v));
  }

  /// The blocks of a flat vector, each in the shape of its parameter.
  List<Tensor> split(Tensor v, List<Tensor> parameters) {
    List<Tensor> parts = new ArrayList<>();
    long at = 0;
    for (Tensor parameter : parameters) {
      parts.add(v.narrow(0, at, parameter.numel()).view_as(parameter));
      at += parameter.numel();
    }
    return parts;
  }

  /// One flat vector of tensors in the parameters' order; what is undefined counts as zero.
  Tensor join(TensorVector parts, List<Tensor> parameters) {
    TensorVector flat = new TensorVector();
    for (int i = 0; i < parameters.size(); i++) {
      Tensor part = parts.get(i);
      flat.push_back((part.defined() ? part : torch.zeros_like(parameters.get(i))).reshape(-1));
    }
    return torch.cat(flat);
  }

  /// @throws IllegalArgumentException when the vector has another shape
  void require(Tensor v) {
    if (v.dim() != 1 || v.size(0) != size()) {
      throw new IllegalArgumentException(
          "a vector of shape %s for %d parameters"
              .formatted(java.util.Arrays.toString(v.shape()), size()));
    }
  }
}
