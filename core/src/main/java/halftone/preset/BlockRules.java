package halftone.preset;

import halftone.model.GgmlType;

/// The mixtures' rules for tensors inside the blocks. `i` says which of its class a tensor is, of
/// `n` layers.
record BlockRules(Preset preset, NetworkSizes sizes, boolean importance) {
  TypeChoice choose(TensorClass kind, int i) {
    if (Mixture.LOW_BIT.contains(preset)) {
      return lowBit(kind, i);
    }
    return switch (kind) {
      case VALUE -> value(i);
      case KEY -> sizes.eightExperts() ? experts(GgmlType.Q8_0, "attn_k") : query("attn_k");
      case QUERY -> query("attn_q");
      case DOWN -> down(i);
      case ATTENTION_OUTPUT -> attentionOutput();
      case UP, GATE -> upOrGate(i);
      case OUTPUT, EMBEDDING, OTHER -> base();
    };
  }

  private TypeChoice base() {
    return TypeChoice.of(preset.base(), "the preset's type");
  }

  private static TypeChoice rule(GgmlType type, String what) {
    return TypeChoice.of(type, "rule: " + what);
  }

  private static TypeChoice experts(GgmlType type, String what) {
    return rule(type, what + " of 8 experts");
  }

  /// The first and last eighth, and every third in between.
  private static boolean more(int i, int n) {
    return i < n / 8 || i >= 7 * n / 8 || (i - n / 8) % 3 == 2;
  }

  private boolean firstEighth(int i) {
    return i < sizes.layers() / 8;
  }

  // IQ1_*, IQ2_*

  private TypeChoice lowBit(TensorClass kind, int i) {
    boolean larger = preset == Preset.IQ2_S || preset == Preset.IQ2_M;
    GgmlType raised = larger ? GgmlType.IQ3_S : GgmlType.Q2_K;
    return switch (kind) {
      case VALUE ->
          sizes.groupedQueries() || sizes.experts() >= 4
              ? rule(GgmlType.Q4_K, "attn_v of few heads or many experts")
              : rule(raised, "attn_v");
      case KEY -> sizes.eightExperts() ? experts(GgmlType.Q4_K, "attn_k") : base();
      case DOWN -> firstEighth(i) ? rule(raised, "ffn_down of the first 1/8") : base();
      case ATTENTION_OUTPUT -> lowBitAttentionOutput(larger);
      case OUTPUT, EMBEDDING, QUERY, UP, GATE, OTHER -> base();
    };
  }

  private TypeChoice lowBitAttentionOutput(boolean larger) {
    if (sizes.eightExperts()) {
      return experts(GgmlType.Q5_K, "attn_output");
    }
    if (preset == Preset.IQ1_S || preset == Preset.IQ1_M) {
      return rule(GgmlType.IQ2_XXS, "attn_output");
    }
    return larger ? rule(GgmlType.IQ3_S, "attn_output") : base();
  }

  // All others

  private TypeChoice value(int i) {
    if (sizes.eightExperts()) {
      return experts(GgmlType.Q8_0, "attn_v");
    }
    TypeChoice choice = plainValue(i);
    boolean raised = choice.type() == GgmlType.Q3_K || choice.type() == GgmlType.Q4_K;
    return sizes.is70B() && raised
        ? rule(GgmlType.Q5_K, "attn_v, an eighth of attn_q in an 80-layer network")
        : choice;
  }

  private TypeChoice plainValue(int i) {
    boolean grouped = sizes.groupedQueries();
    return switch (preset) {
      case Q2_K -> rule(grouped ? GgmlType.Q4_K : GgmlType.Q3_K, "attn_v");
      case Q2_K_S, IQ3_XS, IQ3_S -> grouped ? rule(GgmlType.Q4_K, "attn_v of few heads") : base();
      case IQ3_XXS -> smallGridValue(grouped);
      case IQ3_M -> rule(GgmlType.Q4_K, "attn_v");
      case Q3_K_M ->
          i < 2 ? rule(GgmlType.Q5_K, "attn_v of the first 2") : rule(GgmlType.Q4_K, "attn_v");
      case Q3_K_L -> rule(GgmlType.Q5_K, "attn_v");
      case IQ4_NL, IQ4_XS -> grouped ? rule(GgmlType.Q5_K, "attn_v of few heads") : base();
      case Q4_K_M, Q5_K_M ->
          more(i, sizes.values())
              ? rule(GgmlType.Q6_K, "attn_v of the outer 1/4 and every third")
              : base();
      case Q4_K_S -> i < 4 ? rule(GgmlType.Q5_K, "attn_v of the first 4") : base();
      default -> base();
    };
  }

  private TypeChoice smallGridValue(boolean grouped) {
    if (grouped) {
      return rule(GgmlType.Q4_K, "attn_v of few heads");
    }
    return importance ? base() : rule(GgmlType.IQ3_S, "attn_v without importance");
  }

  private TypeChoice query(String what) {
    return switch (preset) {
      case IQ3_XS -> rule(GgmlType.IQ3_XXS, what);
      case IQ3_XXS -> rule(GgmlType.IQ2_S, what);
      default -> base();
    };
  }

  private TypeChoice down(int i) {
    int n = sizes.layers();
    return switch (preset) {
      case Q2_K -> rule(GgmlType.Q3_K, "ffn_down");
      case Q2_K_S -> firstEighthOr(i, GgmlType.Q4_K, preset.base());
      case IQ3_XXS -> importance ? base() : firstEighthOr(i, GgmlType.Q4_K, GgmlType.Q3_K);
      case Q3_K_M -> mediumThreeBitDown(i, n);
      case Q3_K_L -> rule(sizes.falcon() ? GgmlType.Q4_K : GgmlType.Q5_K, "ffn_down");
      case IQ3_M -> smallestGridDown(i, n);
      case Q4_K_M -> sizes.falcon() ? falconDown(i, n) : moreBitsDown(i, n);
      case Q5_K_M -> moreBitsDown(i, n);
      case Q4_K_S -> sizes.falcon() ? base() : firstEighthOr(i, GgmlType.Q5_K, preset.base());
      case IQ4_NL, IQ4_XS -> importance ? base() : firstEighthOr(i, GgmlType.Q5_K, preset.base());
      // With importance only: without, Q4_1 and Q5_1 go wrong on some first layers.
      case Q4_0 -> importance ? firstEighthOr(i, GgmlType.Q4_1, preset.base()) : base();
      case Q5_0 -> importance ? firstEighthOr(i, GgmlType.Q5_1, preset.base()) : base();
      default -> base();
    };
  }

  private TypeChoice firstEighthOr(int i, GgmlType first, GgmlType others) {
    if (firstEighth(i)) {
      return rule(first, "ffn_down of the first 1/8");
    }
    return others == preset.base() ? base() : rule(others, "ffn_down");
  }

  private TypeChoice mediumThreeBitDown(int i, int n) {
    if (i < n / 16) {
      return rule(GgmlType.Q5_K, "ffn_down of the first 1/16");
    }
    boolean raised = !sizes.falcon() || more(i, n);
    return raised ? rule(GgmlType.Q4_K, "ffn_down") : base();
  }

  private TypeChoice smallestGridDown(int i, int n) {
    if (firstEighth(i)) {
      return rule(GgmlType.Q4_K, "ffn_down of the first 1/8");
    }
    return sizes.eightExperts() && more(i, n) ? experts(GgmlType.Q4_K, "ffn_down") : base();
  }

  private TypeChoice moreBitsDown(int i, int n) {
    return more(i, n) ? rule(GgmlType.Q6_K, "ffn_down of the outer 1/4 and every third") : base();
  }

  private TypeChoice falconDown(int i, int n) {
    if (i < n / 16) {
      return rule(GgmlType.Q6_K, "ffn_down of the first 1/16");
    }
    return more(i, n) ? rule(GgmlType.Q5_K, "ffn_down of the outer 1/4 and every third") : base();
  }

  private TypeChoice attentionOutput() {
    if (sizes.falcon()) {
      return preset == Preset.Q3_K_L ? rule(GgmlType.Q4_K, "attn_output") : base();
    }
    return sizes.eightExperts() ? expertAttentionOutput() : plainAttentionOutput();
  }

  private TypeChoice expertAttentionOutput() {
    return switch (preset) {
      case Q2_K, Q3_K_S, Q3_K_M, Q4_K_S, Q4_K_M, IQ3_XXS, IQ3_XS, IQ3_S, IQ3_M, IQ4_NL, IQ4_XS ->
          experts(GgmlType.Q5_K, "attn_output");
      default -> base();
    };
  }

  private TypeChoice plainAttentionOutput() {
    return switch (preset) {
      case Q2_K -> rule(GgmlType.Q3_K, "attn_output");
      case IQ3_XXS -> rule(GgmlType.IQ3_S, "attn_output");
      case Q3_K_M, IQ3_M -> rule(GgmlType.Q4_K, "attn_output");
      case Q3_K_L -> rule(GgmlType.Q5_K, "attn_output");
      default -> base();
    };
  }

  private TypeChoice upOrGate(int i) {
    boolean middle = i >= sizes.layers() / 8 && i < 7 * sizes.layers() / 8;
    return preset == Preset.IQ3_XS && middle
        ? rule(GgmlType.IQ3_XXS, "ffn_gate and ffn_up of the middle 3/4")
        : base();
  }
}
