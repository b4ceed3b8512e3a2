package halftone.bench.claims;

import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/// A weight of [FloatPanels] with random codes, and the ways through all of it.
final class FloatMatrix {
  /// Most rows of inputs that go through a panel together.
  private static final int TILE = 8;

  private static final float SCALE = 0.01f;

  private final int outputs;
  private final int columns;
  private final MemorySegment codes;
  private final MemorySegment scales;
  private final FloatPanels[] kernels = new FloatPanels[TILE + 1];

  /// @param outputs a multiple of 16
  /// @param columns a multiple of 128
  FloatMatrix(int outputs, int columns, Arena arena, Workers workers) {
    this.outputs = outputs;
    this.columns = columns;
    this.codes = arena.allocate(panels() * FloatPanels.panelBytes(columns), 64);
    this.scales = arena.allocate(panels() * FloatPanels.scaleBytes(columns), 64);
    for (int rows = 1; rows <= TILE; rows *= 2) {
      kernels[rows] = new FloatPanels(rows);
    }
    workers.forEach(
        panels(),
        panel -> {
          SplittableRandom random = new SplittableRandom(panel);
          byte[] some = new byte[FloatPanels.ROWS * columns];
          for (int i = 0; i < some.length; i++) {
            some[i] = (byte) random.nextInt(16);
          }
          FloatPanels.pack(some, columns, codes, panel * FloatPanels.panelBytes(columns));
        });
    for (long i = 0; i < scales.byteSize() / Float.BYTES; i++) {
      scales.setAtIndex(ValueLayout.JAVA_FLOAT, i, SCALE);
    }
  }

  int panels() {
    return outputs / FloatPanels.ROWS;
  }

  /// Bytes of a panel's floats.
  long floatBytes() {
    return (long) columns * FloatPanels.ROWS * Float.BYTES;
  }

  /// Inputs as the kernels take them: tiles of {columns × rows}.
  ///
  /// @param rows 1, 2, 4 or a multiple of 8
  MemorySegment inputs(int rows, Arena arena) {
    float[] values = Matrices.inputs(rows, columns);
    int tile = Math.min(rows, TILE);
    MemorySegment inputs = arena.allocate((long) values.length * Float.BYTES, 64);
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < columns; j++) {
        long at = (long) row / tile * tile * columns + (long) j * tile + row % tile;
        inputs.setAtIndex(ValueLayout.JAVA_FLOAT, at, values[row * columns + j]);
      }
    }
    return inputs;
  }

  /// Takes codes apart in registers.
  void fused(MemorySegment x, int rows, MemorySegment out, Workers workers) {
    workers.forEach(
        panels(),
        panel ->
            tiles(
                x,
                rows,
                out,
                panel,
                (kernel, inputs, results) ->
                    kernel.fused(codes(panel), scales(panel), inputs, results, columns)));
  }

  /// Multiplies with floats of all panels.
  void dense(MemorySegment floats, MemorySegment x, int rows, MemorySegment out, Workers workers) {
    workers.forEach(
        panels(), panel -> dense(floats.address() + panel * floatBytes(), panel, x, rows, out));
  }

  /// The floats of all panels.
  void decode(MemorySegment floats, Workers workers) {
    workers.forEach(panels(), panel -> decode(panel, floats.address() + panel * floatBytes()));
  }

  void decode(int panel, long to) {
    kernels[1].decode(codes(panel), scales(panel), to, columns);
  }

  void dense(long floats, int panel, MemorySegment x, int rows, MemorySegment out) {
    tiles(
        x,
        rows,
        out,
        panel,
        (kernel, inputs, results) -> kernel.dense(floats, inputs, results, columns));
  }

  private interface Product {
    void run(FloatPanels kernel, long inputs, long results);
  }

  /// Results lie panel by panel, {rows × 16} each.
  private void tiles(MemorySegment x, int rows, MemorySegment out, int panel, Product product) {
    int tile = Math.min(rows, TILE);
    for (int first = 0; first < rows; first += tile) {
      long inputs = x.address() + (long) first * columns * Float.BYTES;
      long to = ((long) panel * rows + first) * FloatPanels.ROWS * Float.BYTES;
      product.run(kernels[tile], inputs, out.address() + to);
    }
  }

  private long codes(int panel) {
    return codes.address() + panel * FloatPanels.panelBytes(columns);
  }

  private long scales(int panel) {
    return scales.address() + panel * FloatPanels.scaleBytes(columns);
  }
}
