package halftone.runtime;

import halftone.kernel.Attention;
import halftone.kernel.VectorKernels;
import halftone.kvcache.CachePolicy;
import halftone.model.Model;
import halftone.model.Op;
import halftone.model.Stage;
import halftone.tensor.Tensor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What a [Session] needs beside the model's file to read a text as long as its context, in bytes;
/// the Java virtual machine's own memory is not counted. Weights are decoded where they lie, with
/// float activations.
///
/// @param cache keys and values of every layer
/// @param buffers activations, rotary tables and decoded vectors
/// @param scratch what the kernels take while they run, on up to [#THREADS] threads
public record MemoryPlan(long cache, long buffers, long scratch) {
  /// Threads whose working memory is counted, so that a plan is the same on every machine.
  public static final int THREADS = 8;

  /// Plans for one text.
  ///
  /// @param context tokens of the text, prompt and answer
  public static MemoryPlan of(Model model, CachePolicy policy, int context) {
    int chunk = Math.min(Session.CHUNK, context);
    long cache = 0;
    long attention = 0;
    long packed = 0;
    for (Op.Attention op : operations(model, Op.Attention.class)) {
      int window = op.window();
      cache += policy.bytes(op.keyValueHeads(), op.headSize(), window, context, chunk);
      attention = Math.max(attention, Attention.scratchBytes(op.headSize(), context));
      packed = Math.max(packed, Attention.packedBytes(op.keyValueHeads(), op.headSize(), context));
    }
    long product = 0;
    for (Op.Linear op : operations(model, Op.Linear.class)) {
      product = Math.max(product, VectorKernels.scratchBytes(tensor(model, op.weight()).shape()));
    }
    long buffers =
        ArrayPlan.of(model, chunk) + tables(model, context) + vectors(model) * Float.BYTES;
    return new MemoryPlan(cache, buffers, packed + THREADS * Math.max(attention, product));
  }

  public long total() {
    return cache + buffers + scratch;
  }

  /// Equal rotations share a table.
  private static long tables(Model model, int context) {
    Set<Op.Rope> distinct = new LinkedHashSet<>(operations(model, Op.Rope.class));
    return distinct.stream().mapToLong(rope -> RotaryTable.bytes(rope, context)).sum();
  }

  /// Values of all gains, biases and frequency divisors in use.
  private static long vectors(Model model) {
    Set<String> names = new LinkedHashSet<>();
    operations(model, Op.RmsNorm.class).forEach(norm -> names.add(norm.gain()));
    for (Op.Linear linear : operations(model, Op.Linear.class)) {
      if (linear.bias() != null) {
        names.add(linear.bias());
      }
    }
    for (Op.Rope rope : operations(model, Op.Rope.class)) {
      if (rope.scaling().factors() != null) {
        names.add(rope.scaling().factors());
      }
    }
    return names.stream().mapToLong(name -> tensor(model, name).shape().elements()).sum();
  }

  private static <T extends Op> List<T> operations(Model model, Class<T> kind) {
    return model.stages().stream()
        .map(Stage::nodes)
        .flatMap(List::stream)
        .map(node -> node.op())
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  private static Tensor tensor(Model model, String name) {
    Tensor tensor = model.tensors().get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("the model has no tensor " + name);
    }
    return tensor;
  }
}
