package halftone.kernel;

/// How a number of a key-value cache lies in a [CachePage].
enum CacheElement {
  FLOAT(16, 16 * 64, 64),
  HALF(16, 16 * 32, 32),
  /// Signed bytes, behind a binary16 scale for every 32.
  CODE(32, 32 + 32 * 16, 2 + 32);

  private final int dimensions;
  private final int stepBytes;
  private final int runBytes;

  CacheElement(int dimensions, int stepBytes, int runBytes) {
    this.dimensions = dimensions;
    this.stepBytes = stepBytes;
    this.runBytes = runBytes;
  }

  /// Dimensions that lie together, of [CachePage#TOGETHER] keys or of a value.
  int dimensions() {
    return dimensions;
  }

  /// Bytes of that many dimensions of [CachePage#TOGETHER] keys. Scales come first.
  int stepBytes() {
    return stepBytes;
  }

  /// Bytes of that many dimensions of a value.
  int runBytes() {
    return runBytes;
  }

  /// Bytes of [CachePage#TOGETHER] keys.
  int groupBytes(int headSize) {
    return headSize / dimensions * stepBytes;
  }

  /// Bytes of a value.
  int valueBytes(int headSize) {
    return headSize / dimensions * runBytes;
  }
}
