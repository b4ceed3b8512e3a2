package halftone.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Which blocks of the inputs of each linear layer keep eight bits where the others have fewer, as
/// a file's metadata says, and in which order its channels were brought for that (COMET's FMPQ,
/// arXiv 2410.12168).
///
/// Metadata: `halftone.input_blocks.size`, `halftone.input_blocks.eight.WEIGHT` and
/// `halftone.input_blocks.order.VALUE`, arrays of INT32; channel i of the file is channel
/// `order[i]` of the original.
///
/// @param size channels of a block
/// @param eight by the name of a linear layer's weight, places of its eight-bit blocks
/// @param orders by the name of a value, the order of its channels
public record InputBlocks(
    int size, SequencedMap<String, List<Integer>> eight, SequencedMap<String, int[]> orders) {
  private static final String KEY = "halftone.input_blocks.";
  private static final String SIZE = KEY + "size";
  private static final String EIGHT = KEY + "eight.";
  private static final String ORDER = KEY + "order.";
  private static final int INT32 = 5;

  /// @throws IllegalArgumentException when an order leaves a channel out or has one twice
  public InputBlocks {
    orders.forEach(InputBlocks::requireBijection);
  }

  private static void requireBijection(String name, int[] order) {
    BitSet seen = new BitSet();
    for (int channel : order) {
      if (channel < 0 || channel >= order.length || seen.get(channel)) {
        throw new IllegalArgumentException(
            "%s%s is no order of %d channels: channel %d is out of range or there twice"
                .formatted(ORDER, name, order.length, channel));
      }
      seen.set(channel);
    }
  }

  /// Whether a key of metadata is of this kind: such stay in a file that is quantized again.
  public static boolean isKey(String key) {
    return key.startsWith(KEY);
  }

  /// What a file says.
  ///
  /// @throws IllegalArgumentException when it says nothing, or something that cannot be
  public static InputBlocks of(SequencedMap<String, GgufValue> metadata) {
    if (!metadata.containsKey(SIZE)) {
      throw new IllegalArgumentException(
          "the model has no %s: make it with `halftone quantize --transform fmpq`".formatted(SIZE));
    }
    int size = new Metadata("model", metadata).requireInt(SIZE);
    SequencedMap<String, List<Integer>> eight = new LinkedHashMap<>();
    SequencedMap<String, int[]> orders = new LinkedHashMap<>();
    metadata.forEach(
        (key, value) -> {
          if (key.startsWith(EIGHT)) {
            eight.put(key.substring(EIGHT.length()), integers(key, value));
          } else if (key.startsWith(ORDER)) {
            int[] order = integers(key, value).stream().mapToInt(Integer::intValue).toArray();
            orders.put(key.substring(ORDER.length()), order);
          }
        });
    return new InputBlocks(size, eight, orders);
  }

  private static List<Integer> integers(String key, GgufValue value) {
    List<Integer> integers = new ArrayList<>();
    if (value instanceof GgufValue.Array(int type, List<GgufValue> elements) && type == INT32) {
      for (GgufValue element : elements) {
        if (element instanceof GgufValue.I32(int integer)) {
          integers.add(integer);
        }
      }
      return integers;
    }
    throw new IllegalArgumentException(key + " is no array of INT32");
  }

  /// The metadata with this in it.
  public SequencedMap<String, GgufValue> in(SequencedMap<String, GgufValue> metadata) {
    SequencedMap<String, GgufValue> all = new LinkedHashMap<>(metadata);
    all.put(SIZE, new GgufValue.U32(size));
    orders.forEach(
        (name, order) -> all.put(ORDER + name, array(Arrays.stream(order).boxed().toList())));
    eight.forEach((weight, places) -> all.put(EIGHT + weight, array(places)));
    return all;
  }

  private static GgufValue array(List<Integer> integers) {
    List<GgufValue> elements = new ArrayList<>();
    integers.forEach(integer -> elements.add(new GgufValue.I32(integer)));
    return new GgufValue.Array(INT32, elements);
  }
}
