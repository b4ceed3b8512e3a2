package halftone.app;

import java.nio.file.Path;

/// The folder of the project's own in the current one.
final class OwnFolder {
  /// Where the built-in model and its finished work lie.
  static final Path PATH = Path.of(".halftone");

  private OwnFolder() {}
}
