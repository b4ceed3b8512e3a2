package halftone.recipe;

import halftone.numeric.WeightFormat;
import halftone.quantizer.Gptq;
import halftone.quantizer.LayerInputs;
import halftone.quantizer.LdlFactor;
import halftone.store.Key;
import halftone.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// Tensors outside the blocks as our files hold them: the output product's weight, the embedding
/// where that is the same, rounded by GPTQ on the final hidden states of the original; without
/// their Gram matrix, and what no layer multiplies with, as the encoder writes it.
final class OutsideTensors {
  private static final Gptq GPTQ = new Gptq(GptqPass.DEFAULT.damping());

  private final Workshop shop;
  private final Evidence evidence;
  private final EncodedTensors encoded;
  private final Map<String, LdlFactor> factors = new HashMap<>();

  OutsideTensors(Workshop shop, Evidence evidence, EncodedTensors encoded) {
    this.shop = shop;
    this.evidence = evidence;
    this.encoded = encoded;
  }

  Tensor get(String name, WeightFormat format) {
    Tensor original = Objects.requireNonNull(shop.model().tensors().get(name));
    Tensor gram = evidence.outsideGrams().get(name);
    if (gram == null || original.format().equals(format)) {
      return encoded.get(name, format);
    }
    Key key =
        Key.of("gptq-outside")
            .with("quantizer", GPTQ.toString())
            .with("model", shop.modelHash())
            .with("tensor", name)
            .with("format", format.id())
            .with("importance", evidence.source())
            .key();
    return shop.memo()
        .tensor(
            key,
            name,
            original.shape(),
            format,
            () -> {
              LdlFactor factor = factors.computeIfAbsent(name, tensor -> factor(gram));
              LayerInputs inputs = new LayerInputs(evidence.importanceOf(name), factor, null);
              return GPTQ.quantize(name, original, format, inputs, shop.workers());
            });
  }

  private LdlFactor factor(Tensor gram) {
    int size = gram.shape().columns();
    float[] values = new float[size * size];
    gram.rows(0, size, values, 0);
    return GPTQ.factor(values, size, shop.workers());
  }
}
