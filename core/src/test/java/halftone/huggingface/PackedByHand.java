package halftone.huggingface;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// A random linear layer packed number by number, by the descriptions of the two formats.
final class PackedByHand {
  private static final int BITS = 4;
  private static final int PER_WORD = 8;

  /// Which of eight neighbouring outputs stands at a place of a word: AutoAWQ's source.
  private static final int[] AWQ_ORDER = {0, 2, 4, 6, 1, 3, 5, 7};

  private final int outputs;
  private final int inputs;
  private final int[][] codes;
  private final int[][] zeros;
  private final float[] scales;
  private final int[] groupOf;

  /// @param shuffled whether neighbouring inputs are of different groups
  PackedByHand(int outputs, int inputs, int group, boolean shuffled, Random random) {
    this.outputs = outputs;
    this.inputs = inputs;
    int groups = inputs / group;
    codes = new int[outputs][inputs];
    zeros = new int[groups][outputs];
    scales = new float[groups * outputs];
    groupOf = new int[inputs];
    Arrays.setAll(groupOf, j -> shuffled ? (j * 7 + 3) % groups : j / group);
    for (int[] row : codes) {
      Arrays.setAll(row, j -> random.nextInt(16));
    }
    for (int[] row : zeros) {
      Arrays.setAll(row, o -> 1 + random.nextInt(15));
    }
    for (int i = 0; i < scales.length; i++) {
      scales[i] = Float.float16ToFloat(Float.floatToFloat16(random.nextFloat()));
    }
  }

  /// What it decodes to, outputs × inputs.
  float[] values() {
    float[] values = new float[outputs * inputs];
    for (int o = 0; o < outputs; o++) {
      for (int j = 0; j < inputs; j++) {
        int g = groupOf[j];
        values[o * inputs + j] = scales[g * outputs + o] * (codes[o][j] - zeros[g][o]);
      }
    }
    return values;
  }

  /// @param less what zeros are stored less
  void addGptq(SafetensorsWriter file, String layer, int less) {
    int[] words = new int[inputs * outputs / PER_WORD];
    for (int o = 0; o < outputs; o++) {
      for (int j = 0; j < inputs; j++) {
        words[j / PER_WORD * outputs + o] |= codes[o][j] << BITS * (j % PER_WORD);
      }
    }
    int[] packedZeros = new int[zeros.length * outputs / PER_WORD];
    for (int g = 0; g < zeros.length; g++) {
      for (int o = 0; o < outputs; o++) {
        packedZeros[(g * outputs + o) / PER_WORD] |= zeros[g][o] - less << BITS * (o % PER_WORD);
      }
    }
    add(file, layer, words, inputs / PER_WORD, packedZeros);
    file.add(layer + ".g_idx", "I32", List.of((long) inputs), bytes(groupOf));
  }

  void addAwq(SafetensorsWriter file, String layer) {
    int[] words = new int[inputs * outputs / PER_WORD];
    int[] packedZeros = new int[zeros.length * outputs / PER_WORD];
    for (int o = 0; o < outputs; o++) {
      int shift = BITS * place(o % PER_WORD);
      for (int j = 0; j < inputs; j++) {
        words[(j * outputs + o) / PER_WORD] |= codes[o][j] << shift;
      }
      for (int g = 0; g < zeros.length; g++) {
        packedZeros[(g * outputs + o) / PER_WORD] |= zeros[g][o] << shift;
      }
    }
    add(file, layer, words, inputs, packedZeros);
  }

  private static int place(int neighbour) {
    int place = 0;
    while (AWQ_ORDER[place] != neighbour) {
      place++;
    }
    return place;
  }

  private void add(SafetensorsWriter file, String layer, int[] words, long rows, int[] zeroWords) {
    file.add(layer + ".qweight", "I32", List.of(rows, words.length / rows), bytes(words));
    long groups = zeros.length;
    file.add(
        layer + ".qzeros", "I32", List.of(groups, zeroWords.length / groups), bytes(zeroWords));
    file.add(layer + ".scales", List.of(groups, (long) outputs), scales, "F16");
  }

  private static byte[] bytes(int[] values) {
    ByteBuffer out =
        ByteBuffer.allocate(Integer.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    out.asIntBuffer().put(values);
    return out.array();
  }
}
