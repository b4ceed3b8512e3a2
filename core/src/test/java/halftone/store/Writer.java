package halftone.store;

import java.nio.file.Path;

/// A process of its own that fills a store and says aloud what has been kept.
final class Writer {
  private Writer() {}

  /// @param arguments folder, name of this writer, number of values
  public static void main(String[] arguments) {
    try (ExperimentStore store = ExperimentStore.open(Path.of(arguments[0]), message -> {})) {
      for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
        store.putDoubles(key(arguments[1], i), i, Math.sqrt(i));
        System.out.println(i);
      }
    }
  }

  static Key key(String writer, int i) {
    return Key.of("written").with("writer", writer).with("i", i).key();
  }
}
