package halftone.recipe;

import halftone.numeric.NumberFormat;
import halftone.store.BlobFolder;
import halftone.store.ExperimentStore;
import halftone.store.Key;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/// Finished units of work, small ones in the store, tensors as files beside it. A unit that is there is not done again.
record Memo(ExperimentStore store, BlobFolder blobs) {
  boolean has(Key key) {
    return store.find(key).isPresent();
  }

  double number(Key key, DoubleSupplier measure) {
    Optional<byte[]> known = store.find(key);
    if (known.isPresent()) {
      return ByteBuffer.wrap(known.get()).getDouble();
    }
    double value = measure.getAsDouble();
    put(key, new double[] {value});
    return value;
  }

  /// Numbers that are there.
  double[] numbers(Key key) {
    byte[] bytes =
        store.find(key).orElseThrow(() -> new IllegalStateException("nothing stored as " + key));
    double[] values = new double[bytes.length / Double.BYTES];
    ByteBuffer.wrap(bytes).asDoubleBuffer().get(values);
    return values;
  }

  void put(Key key, double[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(Double.BYTES * values.length);
    buffer.asDoubleBuffer().put(values);
    store.put(key, buffer.array());
  }

  /// A tensor that is there, mapped from its file.
  Optional<Tensor> tensor(Key key, String name, Shape shape, NumberFormat format) {
    return blobs.find(key).map(bytes -> new Tensor(name, shape, format, bytes));
  }

  /// The tensor of this key, made now if it is not there; either way mapped from its file, so that it weighs on the page
  /// cache, not on the heap.
  Tensor tensor(Key key, String name, Shape shape, NumberFormat format, Supplier<Tensor> make) {
    Optional<Tensor> known = tensor(key, name, shape, format);
    if (known.isPresent()) {
      return known.get();
    }
    blobs.put(key, make.get().bytes());
    return tensor(key, name, shape, format).orElseThrow();
  }
}
