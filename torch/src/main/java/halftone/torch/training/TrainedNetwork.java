package halftone.torch.training;

import halftone.model.GgufValue;
import halftone.model.GgufWriter;
import halftone.model.Model;
import halftone.model.TensorInfo;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.torch.Memory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;

/// A network as a training left it.
///
/// @param weights libtorch's tensors in the order of the model's; the trainer's to free
/// @param epochs passes over the training text
public record TrainedNetwork(
    Model model,
    List<Tensor> weights,
    TrainingSettings settings,
    LossHistory history,
    double epochs) {
  private static final int MOSTLY_F16 = 1;
  private static final int QUANTIZATION_VERSION = 2;

  public TrainedNetwork {
    weights = List.copyOf(weights);
  }

  /// Writes it as GGUF: matrices in F16, gains in F32, as llama.cpp's converter does. The file
  /// appears whole or not at all.
  ///
  /// @param about further `general.*` keys: name, license, data
  public void write(Path target, SequencedMap<String, GgufValue> about) throws IOException {
    SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>(model.metadata());
    metadata.putAll(about);
    metadata.put("general.file_type", new GgufValue.U32(MOSTLY_F16));
    metadata.put("general.quantization_version", new GgufValue.U32(QUANTIZATION_VERSION));
    List<TensorInfo> infos = new ArrayList<>();
    for (halftone.tensor.Tensor tensor : model.tensors().values()) {
      boolean matrix = tensor.shape().extents().size() > 1;
      infos.add(TensorInfo.of(tensor).as(NumberFormats.named(matrix ? "F16" : "F32")));
    }
    try (GgufWriter writer = GgufWriter.create(target, metadata, infos, List.of())) {
      for (int i = 0; i < infos.size(); i++) {
        writer.write(infos.get(i).name(), encoded(infos.get(i), weights.get(i)));
      }
      writer.commit();
    }
  }

  private static MemorySegment encoded(TensorInfo info, Tensor weight) {
    WeightFormat format = (WeightFormat) info.format();
    MemorySegment bytes = Arena.ofAuto().allocate(info.bytes(), 64);
    int rows = Math.toIntExact(info.shape().rows());
    format.fit(Memory.floats(weight), 0, rows, info.shape().columns(), null).pack(bytes, 0);
    return bytes;
  }
}
