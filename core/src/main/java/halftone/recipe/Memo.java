package halftone.recipe;

import halftone.numeric.NumberFormat;
import halftone.store.ExperimentStore;
import halftone.store.Key;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/// Finished units of work in the store. A unit that is there is not done again.
record Memo(ExperimentStore store) {
  boolean has(Key key) {
    return store.find(key).isPresent();
  }

  double number(Key key, DoubleSupplier measure) {
    Optional<double[]> known = store.findDoubles(key);
    if (known.isPresent()) {
      return known.get()[0];
    }
    double value = measure.getAsDouble();
    store.putDoubles(key, value);
    return value;
  }

  /// Numbers that are there.
  double[] numbers(Key key) {
    return store
        .findDoubles(key)
        .orElseThrow(() -> new IllegalStateException("nothing stored as " + key));
  }

  void put(Key key, double[] values) {
    store.putDoubles(key, values);
  }

  /// A tensor that is there, mapped from its file.
  Optional<Tensor> tensor(Key key, String name, Shape shape, NumberFormat format) {
    return store.findLarge(key).map(bytes -> new Tensor(name, shape, format, bytes));
  }

  /// The tensor of this key, made now if it is not there; either way mapped from its file, so that
  /// it weighs on the page cache, not on the heap.
  Tensor tensor(Key key, String name, Shape shape, NumberFormat format, Supplier<Tensor> make) {
    Optional<Tensor> known = tensor(key, name, shape, format);
    if (known.isPresent()) {
      return known.get();
    }
    store.putLarge(key, make.get().bytes());
    return tensor(key, name, shape, format).orElseThrow();
  }
}
