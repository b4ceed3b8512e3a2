package halftone.runtime;

import halftone.kernel.Attention;
import halftone.kernel.RowRounding;
import halftone.model.Model;
import halftone.model.Op;
import halftone.numeric.ActivationPartner;
import halftone.numeric.InputRounding;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What each [Op] computes, on whole batches. Inputs are never changed.
final class Operations {
  /// What llama.cpp keeps in 16 bits: keys, values, queries, and the table of its GELU.
  static final RowRounding HALVES = ActivationPartner.F16::round;

  private static final Activations NOWHERE = RowOperations.ofLength(0);

  private final Map<String, Tensor> tensors;
  private final Arithmetic arithmetic;
  private final Products products;
  private final Workers workers;
  private final RowOperations byRow;
  private final RowPacking packing;

  /// Ways to round inputs, each once.
  private final Map<InputRounding, InputRounding> roundings = new HashMap<>();

  /// Tensors of one row, which are decoded once: gains, biases, rotary factors.
  private final Map<String, Activations> vectors = new HashMap<>();

  Operations(Model model, Arithmetic arithmetic, Products products, Workers workers) {
    this.tensors = model.tensors();
    this.arithmetic = arithmetic.on(model);
    this.products = products;
    this.workers = workers;
    this.byRow = new RowOperations(workers);
    this.packing = new RowPacking(byRow.buffers(), workers);
  }

  Activations embed(Op.Embedding embedding, int[][] tokens) {
    Tensor table = tensor(embedding.table());
    int length = tokens.length == 0 ? 0 : tokens[0].length;
    int width = table.shape().columns();
    Activations out = byRow.empty(tokens.length, length, width);
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

  Activations gate(Op.Gated op, Activations gate, Activations up) {
    return byRow.gate(op, arithmetic.halvesTables() ? HALVES : RowRounding.NONE, gate, up);
  }

  /// What goes row by row and needs no tensors.
  RowOperations byRow() {
    return byRow;
  }

  /// Rotations of so many first positions of a context.
  RotaryTable rotations(Op.Rope rope, int length, int context) {
    String divisors = rope.scaling().factors(context);
    return new RotaryTable(rope, divisors == null ? null : vector(divisors).values(), length);
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

  /// Layers of one value, those together that round it alike.
  ///
  /// @param inHead whether they are the head's
  /// @param outputs numbers of the values they are to work out
  List<Linears> linears(List<Op.Linear> layers, int[] outputs, boolean inHead) {
    SequencedMap<InputRounding, List<Integer>> alike = new LinkedHashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      Tensor weight = tensor(layers.get(i).weight());
      InputRounding rounding = (inHead ? arithmetic.head() : arithmetic).inputs(weight);
      alike.computeIfAbsent(rounding, each -> new ArrayList<>()).add(i);
    }
    List<Linears> all = new ArrayList<>();
    alike.forEach(
        (rounding, those) ->
            all.add(
                new Linears(
                    roundings.computeIfAbsent(rounding, same -> same),
                    those.stream().map(i -> product(layers.get(i), outputs[i])).toList())));
    return List.copyOf(all);
  }

  private Products.Product product(Op.Linear layer, int output) {
    Activations bias = layer.bias() == null ? null : vector(layer.bias());
    return new Products.Product(layer.weight(), tensor(layer.weight()), bias, output);
  }

  PackedRows pack(Activations x, InputRounding rounding) {
    return packing.pack(x, rounding);
  }

  /// Takes back a value that nobody reads any more.
  void release(Activations value) {
    byRow.buffers().give(value);
  }

  /// Takes back what rows were packed into.
  void release(PackedRows rows) {
    packing.release(rows);
  }

  /// Forgets the arrays that were taken back, before a batch of another size.
  void forgetArrays() {
    byRow.buffers().clear();
    packing.forgetArrays();
  }

  /// Bytes of arrays and decoded vectors at the time there were most.
  long mostBytes() {
    long decoded = vectors.values().stream().mapToLong(Activations::width).sum();
    return byRow.buffers().mostBytes() + packing.mostBytes() + decoded * Float.BYTES;
  }

  /// One value through some layers.
  ///
  /// @param room whose array is taken for a result of its length; or null
  /// @param values where the results go, by their numbers
  void multiply(
      Linears linears,
      PackedRows packed,
      Activations x,
      @Nullable Activations room,
      @Nullable Activations[] values) {
    List<Products.Product> products = linears.products();
    for (int i = 0; i < products.size(); i++) {
      Products.Product product = products.get(i);
      int width = product.width();
      Activations out =
          room != null && room.values().length == Math.multiplyExact(x.rows(), width)
              ? RowOperations.shaped(room, x.sequences(), x.length(), width)
              : byRow.like(x, width);
      product.into(out);
      values[product.output()] = out;
    }
    this.products.multiply(packed, products, workers);
    for (int i = 0; i < products.size(); i++) {
      Products.Product product = products.get(i);
      Activations bias = product.bias();
      if (bias != null) {
        byRow.addBias(product.out(), bias);
      }
      product.into(NOWHERE); // the array is the value's alone
    }
  }

  private Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("the model has no tensor " + name);
    }
    return tensor;
  }

  /// A tensor of one row.
  Activations vector(String name) {
    Activations known = vectors.get(name);
    return known == null ? vectors.computeIfAbsent(name, this::decoded) : known;
  }

  private Activations decoded(String name) {
    Tensor tensor = tensor(name);
    Activations values = RowOperations.ofLength(Math.toIntExact(tensor.shape().elements()));
    tensor.rows(0, Math.toIntExact(tensor.shape().rows()), values.values(), 0);
    return values;
  }
}
