package halftone.runtime;

import halftone.kernel.Attention;
import halftone.kernel.RowKernels;
import halftone.kernel.RowRounding;
import halftone.model.Model;
import halftone.model.Op;
import halftone.numeric.ActivationPartner;
import halftone.numeric.InputRounding;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/// What each [Op] computes, on whole batches. Inputs are never changed.
final class Operations {
  /// Rows of one piece of work in operations that go row by row.
  private static final int ROWS = 64;

  /// What llama.cpp keeps in 16 bits: keys, values, queries, and the table of its GELU.
  static final RowRounding HALVES = ActivationPartner.F16::round;

  private final Map<String, Tensor> tensors;
  private final Arithmetic arithmetic;
  private final Products products;
  private final Workers workers;
  private final Buffers<float[]> buffers = Buffers.ofFloats();
  private final RowPacking packing;

  /// Tensors of one row, which are decoded once: gains, biases, rotary factors.
  private final Map<String, float[]> vectors = new HashMap<>();

  Operations(Model model, Arithmetic arithmetic, Products products, Workers workers) {
    this.tensors = model.tensors();
    this.arithmetic = arithmetic.on(model);
    this.products = products;
    this.workers = workers;
    this.packing = new RowPacking(buffers, workers);
  }

  Activations embed(Op.Embedding embedding, int[][] tokens) {
    Tensor table = tensor(embedding.table());
    int length = tokens.length == 0 ? 0 : tokens[0].length;
    int width = table.shape().columns();
    Activations out = empty(tokens.length, length, width);
    for (int s = 0; s < tokens.length; s++) {
      requireLength(tokens[s], s, length);
      for (int t = 0; t < length; t++) {
        requireToken(tokens[s][t], table);
        table.rows(tokens[s][t], 1, out.values(), (s * length + t) * width);
      }
    }
    return out;
  }

  private static void requireLength(int[] sequence, int index, int length) {
    if (sequence.length != length) {
      throw new IllegalArgumentException(
          "sequence %d has %d tokens, sequence 0 has %d; run lengths apart"
              .formatted(index, sequence.length, length));
    }
  }

  private static void requireToken(int token, Tensor table) {
    if (token < 0 || token >= table.shape().rows()) {
      throw new IllegalArgumentException(
          "token %d is not among the %d of the vocabulary".formatted(token, table.shape().rows()));
    }
  }

  Activations norm(Op.RmsNorm norm, Activations x) {
    float[] gain = values(norm.gain());
    int runs = x.width() / gain.length;
    if (runs * gain.length != x.width()) {
      throw new IllegalArgumentException(
          "a norm of %d values on rows of %d".formatted(gain.length, x.width()));
    }
    Activations out = like(x, x.width());
    perRow(
        x.rows() * runs,
        run ->
            RowKernels.rmsNorm(x.values(), run * gain.length, gain, norm.epsilon(), out.values()));
    return out;
  }

  Activations scale(Op.Scale scale, Activations x) {
    Activations out = like(x, x.width());
    perRow(
        x.rows(),
        row ->
            RowKernels.scale(x.values(), row * x.width(), x.width(), scale.factor(), out.values()));
    return out;
  }

  Activations softCap(Op.SoftCap cap, Activations x) {
    Activations out = like(x, x.width());
    perRow(
        x.rows(),
        row -> RowKernels.softCap(x.values(), row * x.width(), x.width(), cap.cap(), out.values()));
    return out;
  }

  Activations columns(Op.Columns columns, Activations x) {
    Activations out = like(x, columns.count());
    for (int row = 0; row < x.rows(); row++) {
      int from = row * x.width() + columns.from();
      System.arraycopy(x.values(), from, out.values(), row * columns.count(), columns.count());
    }
    return out;
  }

  /// Rotations of so many first positions of a context.
  RotaryTable rotations(Op.Rope rope, int length, int context) {
    String divisors = rope.scaling().factors(context);
    return new RotaryTable(rope, divisors == null ? null : values(divisors), length);
  }

  Activations rotate(RotaryTable table, Activations x, IntUnaryOperator position) {
    Activations out = like(x, x.width());
    perRow(
        x.rows(),
        row -> table.rotate(x.values(), row * x.width(), position.applyAsInt(row), out.values()));
    return out;
  }

  static Attention attention(Op.Attention op, RowRounding queries, RowRounding keysAndValues) {
    return new Attention(
        op.heads(),
        op.keyValueHeads(),
        op.headSize(),
        op.scale(),
        op.window(),
        op.softCap(),
        queries,
        keysAndValues);
  }

  Activations gate(Op.Gated op, Activations gate, Activations up) {
    Activations out = like(gate, gate.width());
    int width = gate.width();
    RowRounding table = arithmetic.halvesTables() ? HALVES : RowRounding.NONE;
    switch (op.activation()) {
      case SILU ->
          perRow(
              gate.rows(),
              row ->
                  RowKernels.swiGlu(gate.values(), up.values(), row * width, width, out.values()));
      case GELU_TANH ->
          perRow(
              gate.rows(),
              row ->
                  RowKernels.geGlu(
                      gate.values(), up.values(), row * width, width, table, out.values()));
    }
    return out;
  }

  Activations add(Activations a, Activations b) {
    Activations out = like(a, a.width());
    perRow(
        a.rows(),
        row -> RowKernels.add(a.values(), b.values(), row * a.width(), a.width(), out.values()));
    return out;
  }

  /// What the rows entering products with this weight are rounded to.
  ///
  /// @param inHead whether the product is the head's
  InputRounding inputs(String weight, boolean inHead) {
    return (inHead ? arithmetic.head() : arithmetic).inputs(tensor(weight));
  }

  PackedRows pack(Activations x, InputRounding rounding) {
    return packing.pack(x, rounding);
  }

  /// Takes back an array that nobody reads any more.
  void release(float[] array) {
    buffers.give(array);
  }

  /// Takes back what rows were packed into.
  void release(PackedRows rows) {
    packing.release(rows);
  }

  /// Forgets the arrays that were taken back, before a batch of another size.
  void forgetArrays() {
    buffers.clear();
    packing.forgetArrays();
  }

  /// Bytes of arrays and decoded vectors at the time there were most.
  long mostBytes() {
    long decoded = vectors.values().stream().mapToLong(vector -> vector.length).sum();
    return buffers.mostBytes() + packing.mostBytes() + decoded * Float.BYTES;
  }

  /// One value through some layers.
  ///
  /// @param out taken for the result of a single one when it has the right length
  List<Activations> multiply(
      List<Op.Linear> linears, PackedRows packed, Activations x, float @Nullable [] out) {
    List<Products.Product> all = new ArrayList<>();
    for (Op.Linear linear : linears) {
      Tensor weight = tensor(linear.weight());
      int length = Math.multiplyExact(x.rows(), Math.toIntExact(weight.shape().rows()));
      all.add(
          new Products.Product(
              weight, out != null && out.length == length ? out : buffers.take(length)));
    }
    products.multiply(packed, all, workers);
    List<Activations> outputs = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      float[] values = all.get(i).out();
      int width = Math.toIntExact(all.get(i).weight().shape().rows());
      String bias = linears.get(i).bias();
      if (bias != null) {
        float[] added = values(bias);
        perRow(x.rows(), row -> RowKernels.addRow(values, row * width, added));
      }
      outputs.add(new Activations(x.sequences(), x.length(), width, values));
    }
    return outputs;
  }

  private void perRow(int rows, IntConsumer action) {
    workers.forEach(
        Math.ceilDiv(rows, ROWS),
        piece -> {
          for (int row = piece * ROWS; row < Math.min(rows, (piece + 1) * ROWS); row++) {
            action.accept(row);
          }
        });
  }

  private Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("the model has no tensor " + name);
    }
    return tensor;
  }

  private float[] values(String name) {
    return vectors.computeIfAbsent(name, this::decoded);
  }

  private float[] decoded(String name) {
    Tensor tensor = tensor(name);
    float[] values = new float[Math.toIntExact(tensor.shape().elements())];
    tensor.rows(0, Math.toIntExact(tensor.shape().rows()), values, 0);
    return values;
  }

  Activations like(Activations x, int width) {
    return empty(x.sequences(), x.length(), width);
  }

  Activations empty(int sequences, int length, int width) {
    int rows = Math.multiplyExact(sequences, length);
    return new Activations(sequences, length, width, buffers.take(Math.multiplyExact(rows, width)));
  }
}
