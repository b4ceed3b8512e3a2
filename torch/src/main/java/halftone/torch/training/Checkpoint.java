package halftone.torch.training;

import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.GgufType;
import halftone.model.GgufValue;
import halftone.model.GgufWriter;
import halftone.model.Metadata;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.TensorInfo;
import halftone.tensor.Tensor;
import halftone.torch.Memory;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;

/// A training that can go on: an open GGUF file with the weights and both running means of the
/// optimizer in float32, the model's metadata, and what the next step depends on. Written whole or
/// not at all.
///
/// @param settings the line of [TrainingSettings]
/// @param text SHA-256 of the training text
record Checkpoint(GgufFile file, Model model, String settings, String text, LossHistory history)
    implements AutoCloseable {
  static final String FIRST = "adam.m.";
  static final String SECOND = "adam.v.";
  private static final String PREFIX = "training.";
  private static final String SETTINGS = PREFIX + "settings";
  private static final String TEXT = PREFIX + "text";
  private static final String LOSSES = PREFIX + "losses";
  private static final String HELD_OUT_STEPS = PREFIX + "held_out.steps";
  private static final String HELD_OUT_LOSSES = PREFIX + "held_out.losses";
  private static final String SECONDS = PREFIX + "seconds";

  /// Opens one; [#close] unmaps its tensors.
  ///
  /// @throws halftone.model.MalformedFileException when it is none
  static Checkpoint open(Path path) throws IOException {
    GgufFile file = GgufReader.open(path);
    try {
      Metadata keys = file.keys();
      return new Checkpoint(
          file, model(file), keys.requireText(SETTINGS), keys.requireText(TEXT), history(keys));
    } catch (RuntimeException failure) {
      file.close();
      throw failure;
    }
  }

  private static Model model(GgufFile file) {
    SequencedMap<String, Tensor> weights = new LinkedHashMap<>(file.tensors());
    weights.keySet().removeIf(name -> name.startsWith(FIRST) || name.startsWith(SECOND));
    SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>(file.metadata());
    metadata.keySet().removeIf(key -> key.startsWith(PREFIX));
    return ModelReader.read(new Metadata(file.path().toString(), metadata), weights);
  }

  private static LossHistory history(Metadata keys) {
    float[] losses = keys.floats(LOSSES);
    int[] steps = keys.ints(HELD_OUT_STEPS);
    float[] heldOut = keys.floats(HELD_OUT_LOSSES);
    List<LossHistory.Point> points = new ArrayList<>();
    for (int i = 0; i < steps.length; i++) {
      points.add(new LossHistory.Point(steps[i], heldOut[i]));
    }
    return new LossHistory(losses, points, keys.requireFloat(SECONDS));
  }

  /// The bytes of a stored tensor.
  MemorySegment bytes(String name) {
    return Objects.requireNonNull(file.tensors().get(name)).bytes();
  }

  @Override
  public void close() {
    file.close();
  }

  /// Writes one.
  ///
  /// @param weights tensors of libtorch in the order of the model's, as are both means
  static void write(
      Path path,
      Model model,
      TrainingSettings settings,
      String text,
      LossHistory history,
      List<org.bytedeco.pytorch.Tensor> weights,
      AdamW optimizer)
      throws IOException {
    List<TensorInfo> own = model.tensors().values().stream().map(TensorInfo::of).toList();
    List<TensorInfo> infos = new ArrayList<>(own);
    own.forEach(info -> infos.add(named(FIRST, info)));
    own.forEach(info -> infos.add(named(SECOND, info)));
    List<org.bytedeco.pytorch.Tensor> values = new ArrayList<>(weights);
    values.addAll(optimizer.first());
    values.addAll(optimizer.second());
    SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>(model.metadata());
    metadata.put(SETTINGS, new GgufValue.Text(settings.line()));
    metadata.put(TEXT, new GgufValue.Text(text));
    putHistory(metadata, history);
    try (GgufWriter writer = GgufWriter.create(path, metadata, infos, List.of())) {
      for (int i = 0; i < infos.size(); i++) {
        writer.write(infos.get(i).name(), Memory.of(values.get(i)));
      }
      writer.commit();
    }
  }

  private static TensorInfo named(String prefix, TensorInfo info) {
    return new TensorInfo(prefix + info.name(), info.shape(), info.format());
  }

  private static void putHistory(SequencedMap<String, GgufValue> metadata, LossHistory history) {
    List<GgufValue> losses = new ArrayList<>();
    for (float loss : history.training()) {
      losses.add(new GgufValue.F32(loss));
    }
    List<GgufValue> steps = new ArrayList<>();
    List<GgufValue> heldOut = new ArrayList<>();
    for (LossHistory.Point point : history.heldOut()) {
      steps.add(new GgufValue.I32(point.step()));
      heldOut.add(new GgufValue.F32(point.loss()));
    }
    metadata.put(LOSSES, new GgufValue.Array(GgufType.FLOAT32.id(), losses));
    metadata.put(HELD_OUT_STEPS, new GgufValue.Array(GgufType.INT32.id(), steps));
    metadata.put(HELD_OUT_LOSSES, new GgufValue.Array(GgufType.FLOAT32.id(), heldOut));
    metadata.put(SECONDS, new GgufValue.F64(history.seconds()));
  }
}
