package halftone.recipe;

import halftone.evidence.InputMoments;
import halftone.evidence.MomentCollector;
import halftone.evidence.ShiftCollector;
import halftone.evidence.StreamScale;
import halftone.model.Model;
import halftone.model.Stage;
import halftone.numeric.WeightFormat;
import halftone.quantizer.Gptq;
import halftone.quantizer.InputShift;
import halftone.quantizer.LayerInputs;
import halftone.quantizer.LdlFactor;
import halftone.quantizer.Quantizer;
import halftone.runtime.Activations;
import halftone.runtime.Arithmetic;
import halftone.runtime.Engine;
import halftone.runtime.Tap;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// A quantizer that rounds by the inputs' Gram matrix, GPTQ above all, through the whole network,
/// block by block: a block's inputs are recomputed behind the quantized blocks before it, and its
/// weights are aimed at what they computed on the original inputs ([InputShift]).
///
/// @param damping share of the Gram diagonal's mean that is added to it
/// @param shiftShare how far weights are aimed at the least-squares answer to their shifted inputs;
///   0 leaves them
record GptqPass(Quantizer quantizer, double damping, double shiftShare) {
  /// More damping than the paper's 0.01: behind quantized blocks, on 8,000 tokens, a tenth of the
  /// diagonal's mean lost least on text that the pass had not seen.
  static final GptqPass DEFAULT = new GptqPass(new Gptq(0.1), 0.5);

  GptqPass(Gptq gptq, double shiftShare) {
    this(gptq, gptq.damping(), shiftShare);
  }

  /// Keeps finished blocks, so that a run that was killed, or one with the same beginning, does not
  /// repeat them.
  interface Finished {
    /// The quantized tensors of block `index`, empty when it is not finished.
    List<Tensor> find(int index);

    /// Stores them; what is returned is used from now on.
    List<Tensor> keep(int index, List<Tensor> tensors);
  }

  /// The model with every tensor of `formats` that a block's linear layer reads in its format.
  ///
  /// @param start the model with what lies outside the blocks, the embedding above all, already
  ///   quantized: the first block's inputs come from it
  Model run(
      Model model,
      Model start,
      int[][] chunks,
      SequencedMap<String, WeightFormat> formats,
      Map<String, float[]> importance,
      Finished finished,
      Workers workers,
      Progress progress) {
    List<Stage> blocks = model.blocks();
    int known = 0;
    List<Tensor> quantized = new ArrayList<>();
    while (known < blocks.size() && !finished.find(known).isEmpty()) {
      quantized.addAll(finished.find(known++));
    }
    if (known == blocks.size()) {
      progress.done(blocks.size());
      return start.with(quantized);
    }
    Engine original = new Engine(model, Arithmetic.EXACT, workers);
    Engine behind = new Engine(start.with(quantized), Arithmetic.EXACT, workers);
    List<Activations> streams = original.embedInBatches(chunks);
    List<Activations> shifted = behind.embedInBatches(chunks);
    for (int index = 0; index < blocks.size(); index++) {
      Stage block = blocks.get(index);
      if (index >= known) {
        Map<String, LayerInputs> inputs =
            inputs(original, block, streams, shifted, importance, workers);
        List<Tensor> tensors = quantize(model, block, formats, inputs, workers);
        quantized.addAll(finished.keep(index, tensors));
        behind = new Engine(start.with(quantized), Arithmetic.EXACT, workers);
      } else {
        streams.replaceAll(batch -> original.run(block, batch, Tap.NONE));
      }
      Engine engine = behind;
      shifted.replaceAll(batch -> engine.run(block, batch, Tap.NONE));
      progress.done(1);
    }
    return start.with(quantized);
  }

  /// What flows into the block's layers behind the quantized blocks, and how that differs from the
  /// original; moves the original streams through the block.
  private Map<String, LayerInputs> inputs(
      Engine original,
      Stage block,
      List<Activations> streams,
      List<Activations> shifted,
      Map<String, float[]> importance,
      Workers workers) {
    MomentCollector moments = new MomentCollector(block, true, workers);
    ShiftCollector cross = new ShiftCollector(workers);
    StreamScale originals = new StreamScale(block, cross.originals());
    StreamScale behind = new StreamScale(block, cross.shifted());
    for (int batch = 0; batch < streams.size(); batch++) {
      Activations stream = original.run(block, streams.get(batch), originals);
      originals.release(stream);
      original.watch(
          block,
          shifted.get(batch),
          (weight, inputs) -> {
            moments.input(weight, inputs);
            behind.input(weight, inputs);
          });
      moments.release(stream);
      behind.release(stream);
      streams.set(batch, stream);
    }
    IdentityHashMap<InputMoments, LayerInputs> known = new IdentityHashMap<>();
    Map<String, LayerInputs> byWeight = new java.util.LinkedHashMap<>();
    moments
        .moments()
        .forEach(
            (weight, moment) ->
                byWeight.put(
                    weight,
                    known.computeIfAbsent(
                        moment,
                        m ->
                            layerInputs(m, cross.cross(weight), importance.get(weight), workers))));
    return byWeight;
  }

  private LayerInputs layerInputs(
      InputMoments moments, float[] cross, float @Nullable [] importance, Workers workers) {
    float[] gram = moments.requireGram();
    LdlFactor factor = LdlFactor.of(gram, moments.width(), damping, workers);
    float[] shift =
        shiftShare == 0 ? null : InputShift.of(cross, gram, factor, shiftShare, workers);
    return new LayerInputs(importance, factor, shift);
  }

  private List<Tensor> quantize(
      Model model,
      Stage block,
      SequencedMap<String, WeightFormat> formats,
      Map<String, LayerInputs> inputs,
      Workers workers) {
    List<Tensor> tensors = new ArrayList<>();
    for (String name : Model.linears(block)) {
      WeightFormat format = formats.get(name);
      LayerInputs known = inputs.get(name);
      Tensor original = model.tensors().get(name);
      if (format != null && known != null && original != null) {
        tensors.add(quantizer.quantize(name, original, format, known, workers));
      }
    }
    return tensors;
  }
}
