package halftone.runtime;

import halftone.kernel.RowKernels;
import halftone.kernel.RowRounding;
import halftone.model.Op;
import halftone.workers.Workers;

/// What each [Op] computes that goes row by row. Inputs are never changed; results lie in arrays
/// that are used again.
final class RowOperations {
  /// Rows of one piece of work.
  private static final int ROWS = 64;

  private final Buffers<Activations> buffers =
      new Buffers<>(RowOperations::ofLength, held -> held.values().length);
  private final Workers workers;

  RowOperations(Workers workers) {
    this.workers = workers;
  }

  /// A value of any content that has one row.
  static Activations ofLength(int count) {
    return new Activations(1, 1, count, new float[count]);
  }

  /// What holds the arrays.
  Buffers<Activations> buffers() {
    return buffers;
  }

  Activations norm(Step.Norm norm, Activations x) {
    int run = norm.gain().width();
    if (x.width() % run != 0) {
      throw new IllegalArgumentException(
          "a norm of %d values on rows of %d".formatted(run, x.width()));
    }
    return perRow(
        norm,
        x,
        x,
        (row, by, in, _, out) -> {
          float[] gain = by.gain().values();
          int end = (row + 1) * in.width();
          for (int at = row * in.width(); at < end; at += gain.length) {
            RowKernels.rmsNorm(in.floats(), at, gain, by.epsilon(), out.values());
          }
        });
  }

  Activations scale(Op.Scale scale, Activations x) {
    return perRow(
        scale,
        x,
        x,
        (row, op, in, _, out) ->
            RowKernels.scale(in.values(), row * in.width(), in.width(), op.factor(), out.values()));
  }

  Activations softCap(Op.SoftCap cap, Activations x) {
    return perRow(
        cap,
        x,
        x,
        (row, op, in, _, out) ->
            RowKernels.softCap(in.values(), row * in.width(), in.width(), op.cap(), out.values()));
  }

  Activations columns(Op.Columns columns, Activations x) {
    Activations out = like(x, columns.count());
    for (int row = 0; row < x.rows(); row++) {
      int from = row * x.width() + columns.from();
      System.arraycopy(x.values(), from, out.values(), row * columns.count(), columns.count());
    }
    return out;
  }

  /// Where rows stand in their texts.
  ///
  /// @param starts the position of the first row of each sequence
  record Turn(RotaryTable table, int[] starts) {}

  Activations rotate(Turn turn, Activations x) {
    return perRow(
        turn,
        x,
        x,
        (row, by, in, _, out) -> {
          int position = by.starts()[row / in.length()] + row % in.length();
          by.table().rotate(in.values(), row * in.width(), position, out.values());
        });
  }

  /// @param table what a table of the activation's values rounds to
  Activations gate(Op.Gated op, RowRounding table, Activations gate, Activations up) {
    return switch (op.activation()) {
      case SILU ->
          perRow(
              table,
              gate,
              up,
              (row, _, a, b, out) ->
                  RowKernels.swiGlu(
                      a.floats(), b.floats(), row * a.width(), a.width(), out.floats()));
      case GELU_TANH ->
          perRow(
              table,
              gate,
              up,
              (row, rounding, a, b, out) ->
                  RowKernels.geGlu(
                      a.values(), b.values(), row * a.width(), a.width(), rounding, out.values()));
    };
  }

  Activations add(Activations a, Activations b) {
    return perRow(
        a,
        a,
        b,
        (row, _, first, second, out) ->
            RowKernels.add(
                first.values(), second.values(), row * first.width(), first.width(), out.values()));
  }

  /// Adds a bias to each row, in place.
  void addBias(Activations out, Activations bias) {
    each(
        bias,
        out,
        out,
        out,
        (row, by, _, _, to) -> RowKernels.addRow(to.values(), row * to.width(), by.values()));
  }

  /// What happens to a row.
  ///
  /// @param <P> what else it depends on
  @FunctionalInterface
  private interface RowWork<P> {
    void on(int row, P by, Activations a, Activations b, Activations out);
  }

  /// An operation row by row on `a` and, where it has two inputs, `b`.
  private <P> Activations perRow(P by, Activations a, Activations b, RowWork<P> work) {
    Activations out = like(a, a.width());
    each(by, a, b, out, work);
    return out;
  }

  /// Work that remembers nothing itself is no new object each time: few rows take no new memory.
  private <P> void each(P by, Activations a, Activations b, Activations out, RowWork<P> work) {
    if (a.rows() <= ROWS) {
      for (int row = 0; row < a.rows(); row++) {
        work.on(row, by, a, b, out);
      }
    } else {
      spread(by, a, b, out, work);
    }
  }

  private <P> void spread(P by, Activations a, Activations b, Activations out, RowWork<P> work) {
    workers.forEach(
        Math.ceilDiv(a.rows(), ROWS),
        piece -> {
          for (int row = piece * ROWS; row < Math.min(a.rows(), (piece + 1) * ROWS); row++) {
            work.on(row, by, a, b, out);
          }
        });
  }

  Activations like(Activations x, int width) {
    return empty(x.sequences(), x.length(), width);
  }

  Activations empty(int sequences, int length, int width) {
    int rows = Math.multiplyExact(sequences, length);
    return shaped(buffers.take(Math.multiplyExact(rows, width)), sequences, length, width);
  }

  /// The same array as a value of this shape.
  static Activations shaped(Activations room, int sequences, int length, int width) {
    return room.sequences() == sequences && room.length() == length && room.width() == width
        ? room
        : new Activations(sequences, length, width, room.floats());
  }
}
