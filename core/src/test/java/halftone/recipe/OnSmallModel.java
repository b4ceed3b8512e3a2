package halftone.recipe;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// Opens a [SmallModel] for the tests of a class.
abstract class OnSmallModel {
  @TempDir private static Path folder;
  static SmallModel small;

  @BeforeAll
  static void open() throws IOException {
    small = new SmallModel(folder);
  }

  @AfterAll
  static void close() throws IOException {
    small.close();
  }
}
