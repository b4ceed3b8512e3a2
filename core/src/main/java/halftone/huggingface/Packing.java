package halftone.huggingface;

import halftone.model.UnsupportedModelException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/// How a checkpoint packs integer weights into 32-bit words, as `quantization_config` says it.
///
/// In both layouts a linear layer `NAME` of n inputs and m outputs is stored as `NAME.qweight`,
/// `NAME.qzeros` and `NAME.scales` {groups, m}, groups of neighbouring inputs, and a weight is
/// (code − zero) · scale. [Layout#GPTQ] packs along inputs, `qweight` {n · bits / 32, m}, and may
/// hold `NAME.g_idx` {n}, each input's group; its zeros are stored less one unless the checkpoint
/// is of version 2. [Layout#AWQ] packs along outputs, `qweight` {n, m / 8}, in an order of its own.
///
/// Sources: AutoGPTQ and GPTQModel (`qlinear`), AutoAWQ (`WQLinear_GEMM`), as of August 2026.
///
/// @param group inputs of a group; 0 for all
/// @param zerosLessOne whether 1 is to be added to zeros
public record Packing(Layout layout, int bits, int group, boolean zerosLessOne) {
  static final int WORD = 32;

  /// Who packs.
  public enum Layout {
    GPTQ(0, 1, 2, 3, 4, 5, 6, 7),
    AWQ(0, 2, 4, 6, 1, 3, 5, 7);

    /// Which of eight neighbours stands at a place of a word, the lowest bits first.
    private final int[] order;

    private final int[] places = new int[8];

    Layout(int... order) {
      this.order = order;
      for (int place = 0; place < order.length; place++) {
        places[order[place]] = place;
      }
    }

    /// As `quant_method` calls it.
    public String id() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    /// Where in a word a number stands.
    int place(int neighbour) {
      return this == GPTQ ? neighbour : places[neighbour];
    }
  }

  /// What is written: 4 bits; GPTQ's in its first version, which every reader knows.
  public static Packing fourBits(Layout layout, int group) {
    return new Packing(layout, 4, group, layout == Layout.GPTQ);
  }

  /// @throws UnsupportedModelException for widths and variants that are not read
  static Packing of(JsonObject quantization) {
    Layout layout =
        quantization.requireText("quant_method").equals("awq") ? Layout.AWQ : Layout.GPTQ;
    int bits = quantization.requireInt("bits");
    long group = quantization.integer("group_size").orElse(128);
    boolean readable = layout == Layout.AWQ ? bits == 4 : bits == 2 || bits == 4 || bits == 8;
    if (!readable) {
      throw unsupported(quantization, bits + " bits");
    }
    if (layout == Layout.AWQ) {
      String version = quantization.text("version").orElse("gemm");
      if (!version.equalsIgnoreCase("gemm") || !quantization.flagOr("zero_point", true)) {
        throw unsupported(quantization, "version '" + version + "' or no zero points");
      }
    }
    String format = quantization.text("checkpoint_format").orElse("gptq");
    if (layout == Layout.GPTQ && !format.equals("gptq") && !format.equals("gptq_v2")) {
      throw unsupported(quantization, "checkpoint_format '" + format + "'");
    }
    if (group == 0 || group < -1 || group > Integer.MAX_VALUE) {
      throw quantization.malformed("group_size", "" + group, "it must be positive, or −1 for all");
    }
    boolean lessOne = layout == Layout.GPTQ && format.equals("gptq");
    return new Packing(layout, bits, (int) Math.max(0, group), lessOne);
  }

  private static UnsupportedModelException unsupported(JsonObject quantization, String what) {
    return new UnsupportedModelException(
        "%s: quantization_config has %s, which is not read; take the model it was made from"
            .formatted(quantization.file(), what));
  }

  /// The `quantization_config` of a checkpoint that is written.
  ///
  /// @param actOrder whether groups do not follow the order of inputs in time of rounding
  Map<String, Object> description(boolean actOrder) {
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("quant_method", layout.id());
    description.put("bits", bits);
    description.put("group_size", group);
    if (layout == Layout.GPTQ) {
      description.put("desc_act", false);
      description.put("static_groups", actOrder);
      description.put("sym", true);
      description.put("lm_head", false);
      description.put("checkpoint_format", "gptq");
    } else {
      description.put("zero_point", true);
      description.put("version", "gemm");
    }
    return description;
  }

  /// Numbers in a word.
  int perWord() {
    return WORD / bits;
  }

  /// The number `index` of a line of words.
  int get(int word, int index) {
    return word >>> place(index) & (1 << bits) - 1;
  }

  /// A number as it stands in its word.
  int put(int number, int index) {
    return number << place(index);
  }

  private int place(int index) {
    int within = index % perWord();
    return bits * (bits == 4 ? layout.place(within) : within);
  }

  /// Groups of so many inputs; empty when they are no whole number of words or groups.
  OptionalInt groups(long inputs) {
    long size = group == 0 ? inputs : group;
    return inputs % size == 0 && inputs % perWord() == 0
        ? OptionalInt.of(Math.toIntExact(inputs / size))
        : OptionalInt.empty();
  }
}
