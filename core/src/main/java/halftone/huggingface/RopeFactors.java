package halftone.huggingface;

import halftone.numeric.NumberFormats;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Tensors of divisors of rotary frequencies, one a pair.
final class RopeFactors {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private RopeFactors() {}

  /// Llama 3's scaling: pairs whose wavelength λ is below ctx/high turn as ever, those above
  /// ctx/low `factor` times slower, and those between by a smooth mix.
  ///
  /// @param rope `factor`, `low_freq_factor`, `high_freq_factor` and
  ///   `original_max_position_embeddings`: 8, 1, 4 and 8192 where absent
  static Tensor llama3(JsonObject rope, int headSize, double base) {
    double factor = rope.realOr("factor", 8);
    double low = rope.realOr("low_freq_factor", 1);
    double high = rope.realOr("high_freq_factor", 4);
    double context = rope.realOr("original_max_position_embeddings", 8192);
    if (!(low > 0 && high > low && factor > 0 && context > 0)) {
      String found = "factors %s, %s and %s at %s".formatted(factor, low, high, context);
      throw rope.malformed("factor", found, "0 < low_freq_factor < high_freq_factor must hold");
    }
    float[] values = new float[headSize / 2];
    for (int j = 0; j < values.length; j++) {
      double wavelength = 2 * Math.PI * Math.pow(base, 2.0 * j / headSize);
      double mix = Math.clamp((context / wavelength - low) / (high - low), 0, 1);
      values[j] = (float) (1 / ((1 - mix) / factor + mix));
    }
    return tensor("rope_freqs.weight", values);
  }

  /// An F32 tensor of these values.
  static Tensor tensor(String name, float[] values) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[values.length * Float.BYTES]);
    MemorySegment.copy(values, 0, bytes, FLOAT, 0, values.length);
    return new Tensor(
        name, Shape.of(values.length), NumberFormats.named("F32"), bytes.asReadOnly());
  }
}
