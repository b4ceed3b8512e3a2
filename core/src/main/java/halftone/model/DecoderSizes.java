package halftone.model;

/// The sizes in the metadata of a Llama-like decoder, checked against each other.
///
/// Example, SmolLM2-135M: width 576, 30 blocks, 9 heads of 64, 3 key-value heads, feed-forward
/// 1536.
///
/// @param prefix what the architecture's keys start with: its id and a dot
/// @param width length of the residual stream
/// @param ropeDimensions how many values of a head are rotated
record DecoderSizes(
    String prefix,
    int width,
    int blocks,
    int heads,
    int keyValueHeads,
    int headSize,
    int feedForward,
    float epsilon,
    int ropeDimensions,
    float ropeBase) {

  /// Queries, keys and values together must be countable.
  private static final long LARGEST_PRODUCT = Integer.MAX_VALUE / 3;

  /// Reads the keys of an architecture.
  ///
  /// @throws MalformedFileException when one is missing or contradicts another
  /// @throws UnsupportedModelException when they describe what no [Op] here computes
  static DecoderSizes of(Metadata metadata, String architecture) {
    Keys keys = new Keys(metadata, architecture + ".");
    keys.requireSupported();
    int width = keys.size("embedding_length");
    int heads = keys.size("attention.head_count");
    int headSize = keys.headSize(width, heads);
    return new DecoderSizes(
        keys.prefix(),
        width,
        keys.size("block_count"),
        heads,
        keys.keyValueHeads(heads),
        headSize,
        keys.size("feed_forward_length"),
        keys.epsilon(),
        keys.ropeDimensions(headSize),
        keys.ropeBase());
  }

  private record Keys(Metadata metadata, String prefix) {
    int size(String key) {
      requireScalar(key);
      int size = metadata.requireInt(prefix + key);
      if (size == 0) {
        throw metadata.malformed(prefix + key, "0", "it must be positive");
      }
      return size;
    }

    private int sizeOr(String key, int absent) {
      return metadata.has(prefix + key) ? size(key) : absent;
    }

    int headSize(int width, int heads) {
      int headSize = sizeOr("attention.key_length", width / heads);
      if (!metadata.has(prefix + "attention.key_length") && width % heads != 0) {
        String found = heads + " heads for a width of " + width;
        throw metadata.malformed(
            prefix + "attention.head_count", found, "it must divide the width");
      }
      if ((long) heads * headSize > LARGEST_PRODUCT) {
        String found = heads + " heads of " + headSize;
        throw metadata.malformed(
            prefix + "attention.head_count", found, "that is too large; the file is damaged");
      }
      int valueLength = sizeOr("attention.value_length", headSize);
      if (valueLength != headSize) {
        throw new UnsupportedModelException(
            "heads with keys of %d and values of %d".formatted(headSize, valueLength));
      }
      return headSize;
    }

    int keyValueHeads(int heads) {
      int keyValueHeads = sizeOr("attention.head_count_kv", heads);
      if (heads % keyValueHeads != 0) {
        String found = keyValueHeads + " for " + heads + " heads";
        throw metadata.malformed(
            prefix + "attention.head_count_kv", found, "it must divide the head count");
      }
      return keyValueHeads;
    }

    float epsilon() {
      String key = prefix + "attention.layer_norm_rms_epsilon";
      return requirePositive(key, metadata.requireFloat(key));
    }

    float ropeBase() {
      String key = prefix + "rope.freq_base";
      return requirePositive(key, metadata.floatOr(key, 10_000));
    }

    private float requirePositive(String key, float value) {
      if (value > 0 && value < Float.POSITIVE_INFINITY) {
        return value;
      }
      throw metadata.malformed(key, String.valueOf(value), "it must be positive and finite");
    }

    int ropeDimensions(int headSize) {
      int dimensions = sizeOr("rope.dimension_count", headSize);
      if (dimensions % 2 != 0 || dimensions > headSize) {
        String found = dimensions + " for heads of " + headSize;
        throw metadata.malformed(
            prefix + "rope.dimension_count", found, "it must be even and at most the head size");
      }
      return dimensions;
    }

    /// Refuses what would be computed otherwise than the file means.
    void requireSupported() {
      if (metadata.intOr(prefix + "expert_count", 0) > 0) {
        throw new UnsupportedModelException("a mixture of experts is not run yet");
      }
      if (!metadata.flagOr(prefix + "attention.causal", true)) {
        throw new UnsupportedModelException("attention that is not causal");
      }
    }

    private void requireScalar(String key) {
      if (metadata.isArray(prefix + key)) {
        throw new UnsupportedModelException(
            prefix + key + " differs from layer to layer, which is not run");
      }
    }
  }
}
