package halftone.recipe;

import halftone.model.Model;
import halftone.numeric.WeightFormat;
import halftone.quantizer.FormatEncoder;
import halftone.quantizer.LayerInputs;
import halftone.store.Key;
import halftone.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Tensors as the formats' own encoders write them: each is made once, whatever files it goes into.
final class EncodedTensors {
  private final Workshop shop;
  private final Evidence evidence;

  EncodedTensors(Workshop shop, Evidence evidence) {
    this.shop = shop;
    this.evidence = evidence;
  }

  Tensor get(String name, WeightFormat format) {
    Tensor original = Objects.requireNonNull(shop.model().tensors().get(name));
    if (original.format().equals(format)) {
      return original;
    }
    float[] weights = evidence.importanceOf(name);
    Key key =
        Key.of("encoded")
            .with("model", shop.modelHash())
            .with("tensor", name)
            .with("format", format.id())
            .with("importance", weights == null ? "none" : evidence.source())
            .key();
    return shop.memo()
        .tensor(
            key,
            name,
            original.shape(),
            format,
            () ->
                new FormatEncoder()
                    .quantize(name, original, format, LayerInputs.of(weights), shop.workers()));
  }

  /// The tensors of these formats.
  List<Tensor> all(Map<String, WeightFormat> formats) {
    List<Tensor> tensors = new ArrayList<>();
    formats.forEach((name, format) -> tensors.add(get(name, format)));
    return tensors;
  }

  /// The model with these tensors in these formats.
  Model apply(Map<String, WeightFormat> formats) {
    return shop.model().with(all(formats));
  }
}
