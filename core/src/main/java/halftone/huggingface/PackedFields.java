package halftone.huggingface;

import halftone.parts.Field;
import halftone.parts.GroupCodes;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// The arrays of a linear layer as a checkpoint packs them.
///
/// @param layer its name in the checkpoint
/// @param order where each row of the codes stands in the checkpoint
record PackedFields(Packing packing, String layer, int[] order) {
  /// @param weight in one width, zeros integers that the layout can hold
  SequencedMap<String, Field> of(GroupCodes weight) {
    SequencedMap<String, Field> fields = new LinkedHashMap<>();
    fields.put(layer + PackedWeight.CODES, codes(weight));
    fields.put(layer + PackedWeight.ZEROS, zeros(weight));
    fields.put(layer + PackedWeight.SCALES, scales(weight));
    if (packing.layout() == Packing.Layout.GPTQ) {
      int[] groupOf = new int[weight.columns()];
      Arrays.setAll(groupOf, j -> j / weight.group());
      fields.put(layer + PackedWeight.GROUPS, Field.integers(groupOf, groupOf.length));
    }
    return fields;
  }

  private Field codes(GroupCodes weight) {
    boolean alongInputs = packing.layout() == Packing.Layout.GPTQ;
    int inputs = weight.columns();
    int outputs = weight.rows();
    int perWord = packing.perWord();
    int[] words = new int[inputs * outputs / perWord];
    for (int row = 0; row < outputs; row++) {
      int o = order[row];
      byte[] codes = weight.codesOfRow(row);
      for (int j = 0; j < inputs; j++) {
        int at = alongInputs ? j / perWord * outputs + o : (j * outputs + o) / perWord;
        words[at] |= packing.put(codes[j] & 0xFF, alongInputs ? j : o);
      }
    }
    return alongInputs
        ? Field.integers(words, inputs / perWord, outputs)
        : Field.integers(words, inputs, outputs / perWord);
  }

  private Field zeros(GroupCodes weight) {
    int outputs = weight.rows();
    int groups = weight.widths().length;
    int perWord = packing.perWord();
    int[] words = new int[groups * outputs / perWord];
    for (int row = 0; row < outputs; row++) {
      for (int g = 0; g < groups; g++) {
        int zero = Math.round(weight.zero(row, g)) - (packing.zerosLessOne() ? 1 : 0);
        if (zero < 0 || zero >= 1 << packing.bits()) {
          throw new IllegalArgumentException(
              "the zero point %s of %s is none that the layout can hold"
                  .formatted(weight.zero(row, g), layer));
        }
        words[(g * outputs + order[row]) / perWord] |= packing.put(zero, order[row]);
      }
    }
    return Field.integers(words, groups, outputs / perWord);
  }

  private Field scales(GroupCodes weight) {
    int outputs = weight.rows();
    int groups = weight.widths().length;
    short[] scales = new short[groups * outputs];
    for (int row = 0; row < outputs; row++) {
      for (int g = 0; g < groups; g++) {
        scales[g * outputs + order[row]] = Float.floatToFloat16(weight.scale(row, g));
      }
    }
    return Field.halves(scales, groups, outputs);
  }
}
