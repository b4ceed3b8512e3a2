package halftone.recipe;

import halftone.kernel.integer.PanelWeight;
import halftone.model.Model;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.quantizer.AdaRound;
import halftone.sensitivity.TensorKind;
import halftone.tensor.Tensor;
import halftone.text.Chunks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;

/// The ways our files come to their codes, for formats that are settled: by the formats' own
/// encoders, with GPTQ's error feedback, or by learning in the blocks which way to round. Same
/// formats, same evidence, same bytes. Then biases that wait for it take up the mean error.
final class Rounding {
  /// Which way, as a file's metadata names it. The names are of one length, so that a file's size
  /// is known before the way is chosen.
  enum Way {
    FEEDBACK("feedback"),
    ADAROUND("adaround"),
    ENCODERS("encoders");

    private final String id;

    Way(String id) {
      this.id = id;
    }

    String id() {
      return id;
    }
  }

  private static final GptqPass LEARNED =
      new GptqPass(new AdaRound(), GptqPass.DEFAULT.damping(), GptqPass.DEFAULT.shiftShare());

  private static final WeightFormat EIGHT_BITS = (WeightFormat) NumberFormats.named("Q8_0");

  private final Workshop shop;
  private final Chunks calibration;
  private final Evidence evidence;
  private final Effort effort;
  private final EncodedTensors encoded;
  private final OutsideTensors outside;

  Rounding(Workshop shop, Chunks calibration, Evidence evidence, Effort effort) {
    this.shop = shop;
    this.calibration = calibration;
    this.evidence = evidence;
    this.effort = effort;
    this.encoded = new EncodedTensors(shop, evidence);
    this.outside = new OutsideTensors(shop, evidence, encoded);
  }

  Model apply(Way way, SequencedMap<String, WeightFormat> formats) {
    Model rounded =
        switch (way) {
          case FEEDBACK -> blockwise(GptqPass.DEFAULT, formats);
          case ADAROUND -> blockwise(LEARNED, formats);
          case ENCODERS -> encoded(formats);
        };
    return FilledBiases.of(shop, calibration, rounded);
  }

  /// Tensors in these formats, as the encoders write them.
  List<Tensor> encodedTensors(Map<String, WeightFormat> formats) {
    return encoded.all(formats);
  }

  /// The model with these tensors in these formats, as the encoders write them.
  Model encoded(Map<String, WeightFormat> formats) {
    return encoded.apply(formats);
  }

  /// The model as products in integers need it: each of these tensors in Q8_0, where its rows
  /// allow.
  Model inIntegers(Set<String> names) {
    List<Tensor> tensors = new ArrayList<>();
    for (String name : names) {
      Tensor original = Objects.requireNonNull(shop.model().tensors().get(name));
      if (!PanelWeight.isFor(original.format())
          && EIGHT_BITS.layout().divides(original.shape().columns())) {
        tensors.add(encoded.get(name, EIGHT_BITS));
      }
    }
    return shop.model().with(tensors);
  }

  /// A tensor outside the blocks, with error feedback where its inputs are known.
  Tensor outside(String name, WeightFormat format) {
    return outside.get(name, format);
  }

  /// What lies outside the blocks by [OutsideTensors], the blocks by a pass where the effort
  /// allows.
  private Model blockwise(GptqPass pass, SequencedMap<String, WeightFormat> formats) {
    List<Tensor> beforeBlocks = new ArrayList<>();
    SequencedMap<String, WeightFormat> inBlocks = new LinkedHashMap<>();
    formats.forEach(
        (name, format) -> {
          if (TensorKind.of(name).inBlock()) {
            inBlocks.put(name, format);
          } else {
            beforeBlocks.add(outside.get(name, format));
          }
        });
    if (!effort.gptq()) {
      shop.progress().step("rounding", 1);
      Model rounded = encoded.apply(inBlocks).with(beforeBlocks);
      shop.progress().done(1);
      return rounded;
    }
    shop.progress().step(pass == LEARNED ? "AdaRound" : "GPTQ", shop.model().blocks().size());
    return pass.run(
        shop.model(),
        shop.model().with(beforeBlocks),
        calibration.tokens(),
        formats,
        evidence.importance(),
        new FinishedBlocks(shop, pass, calibration.sha256(), evidence.source(), formats),
        shop.workers(),
        shop.progress());
  }
}
