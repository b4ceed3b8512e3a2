package halftone.preset;

import halftone.model.GgufValue;
import halftone.model.GgufWriter;
import halftone.model.Metadata;
import halftone.model.TensorInfo;
import halftone.model.TinyLlama;
import halftone.numeric.NumberFormats;
import halftone.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;

/// A network of tensors with two rows each: enough for llama.cpp to choose types, and quick to
/// quantize.
///
/// @param columns row length of all tensors but ffn_down
/// @param downColumns row length of ffn_down
/// @param experts 0 for a dense network
record Subject(
    String architecture,
    int layers,
    int columns,
    int downColumns,
    int heads,
    int keyHeads,
    int experts,
    boolean tied) {
  private static final long ROWS = 2;

  Metadata metadata() {
    SequencedMap<String, GgufValue> values = new LinkedHashMap<>();
    TinyLlama.seeded(1)
        .metadata()
        .forEach(
            (key, value) -> values.put(key.replaceFirst("^llama\\.", architecture + "."), value));
    values.put("general.architecture", new GgufValue.Text(architecture));
    size(values, "block_count", layers);
    size(values, "embedding_length", columns);
    size(values, "feed_forward_length", downColumns);
    size(values, "attention.head_count", heads);
    size(values, "attention.head_count_kv", keyHeads);
    values.put(architecture + ".attention.layer_norm_epsilon", new GgufValue.F32(1e-5f));
    values.remove(architecture + ".rope.dimension_count");
    if (experts > 0) {
      size(values, "expert_count", experts);
      size(values, "expert_used_count", 2);
    }
    return new Metadata("subject", values);
  }

  private void size(SequencedMap<String, GgufValue> values, String key, int size) {
    values.put(architecture + "." + key, new GgufValue.U32(size));
  }

  List<TensorInfo> tensors() {
    List<TensorInfo> tensors = new ArrayList<>();
    add(tensors, "output_norm.weight", columns);
    add(tensors, "token_embd.weight", columns, ROWS);
    if (!tied) {
      add(tensors, "output.weight", columns, ROWS);
    }
    for (int layer = 0; layer < layers; layer++) {
      block(tensors, "blk." + layer + ".");
    }
    return tensors;
  }

  private void block(List<TensorInfo> tensors, String block) {
    add(tensors, block + "attn_norm.weight", columns);
    if (architecture.equals("falcon")) {
      add(tensors, block + "attn_qkv.weight", columns, ROWS);
    } else {
      add(tensors, block + "attn_q.weight", columns, ROWS);
      add(tensors, block + "attn_k.weight", columns, ROWS);
      add(tensors, block + "attn_v.weight", columns, ROWS);
    }
    add(tensors, block + "attn_v.bias", ROWS);
    add(tensors, block + "attn_output.weight", columns, ROWS);
    if (experts > 0) {
      add(tensors, block + "ffn_gate_inp.weight", columns, experts);
      add(tensors, block + "ffn_down_exps.weight", downColumns, ROWS, experts);
      add(tensors, block + "ffn_gate_exps.weight", columns, ROWS, experts);
      add(tensors, block + "ffn_up_exps.weight", columns, ROWS, experts);
    } else {
      add(tensors, block + "ffn_down.weight", downColumns, ROWS);
      add(tensors, block + "ffn_gate.weight", columns, ROWS);
      add(tensors, block + "ffn_up.weight", columns, ROWS);
    }
  }

  private static void add(List<TensorInfo> tensors, String name, long... extents) {
    tensors.add(new TensorInfo(name, Shape.of(extents), NumberFormats.named("F32")));
  }

  /// One everywhere.
  Map<String, float[]> importance() {
    Map<String, float[]> importance = new HashMap<>();
    for (TensorInfo tensor : tensors()) {
      int matrices = tensor.shape().extents().size() > 2 ? experts : 1;
      float[] values = new float[tensor.shape().columns() * matrices];
      java.util.Arrays.fill(values, 1f);
      importance.put(tensor.name(), values);
    }
    return importance;
  }

  Path write(Path target) throws IOException {
    Random random = new Random(7);
    try (GgufWriter writer = GgufWriter.create(target, metadata().values(), tensors(), List.of())) {
      for (TensorInfo tensor : tensors()) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[Math.toIntExact(tensor.bytes())]);
        for (long i = 0; i < tensor.shape().elements(); i++) {
          bytes.set(
              ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
              4 * i,
              (float) random.nextGaussian());
        }
        writer.write(tensor.name(), bytes);
      }
      writer.commit();
    }
    return target;
  }
}
