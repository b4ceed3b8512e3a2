package halftone.recipe;

import halftone.numeric.NumberFormat;
import halftone.sensitivity.TensorKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A program that runs GGUF files, and what it asks of their formats.
///
/// @param id as a command line names it
/// @param unread ids of formats that it does not read
/// @param fused kinds of tensors of a block that it multiplies as one matrix: they may differ in
///   format, but none may be plain numbers while another is quantized
public record RuntimeProfile(String id, Set<String> unread, List<List<String>> fused) {
  /// Reads every type there is.
  public static final RuntimeProfile LLAMA_CPP =
      new RuntimeProfile("llama.cpp", Set.of(), List.of());

  /// vLLM with its plugin for GGUF, version 0.27, by its source: no kernels for the microscaling,
  /// ternary and binary types.
  public static final RuntimeProfile VLLM =
      new RuntimeProfile(
          "vllm",
          Set.of("MXFP4", "NVFP4", "TQ1_0", "TQ2_0", "Q1_0", "Q2_0"),
          List.of(List.of("attn_q", "attn_k", "attn_v"), List.of("ffn_gate", "ffn_up")));

  /// This library.
  public static final RuntimeProfile HALFTONE = new RuntimeProfile("halftone", Set.of(), List.of());

  public static final List<RuntimeProfile> ALL = List.of(LLAMA_CPP, VLLM, HALFTONE);

  public RuntimeProfile {
    unread = Set.copyOf(unread);
    fused = fused.stream().map(List::copyOf).toList();
  }

  /// @throws IllegalArgumentException naming the programs there are
  public static RuntimeProfile named(String id) {
    return ALL.stream()
        .filter(profile -> profile.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "nothing is known of a program '%s'; known are %s"
                        .formatted(id, String.join(", ", ALL.stream().map(p -> p.id()).toList()))));
  }

  /// Whether it reads a format.
  public boolean reads(NumberFormat format) {
    return !unread.contains(format.id());
  }

  /// Whether it multiplies a tensor together with others of its block.
  public boolean fuses(String tensor) {
    return group(tensor).isPresent();
  }

  /// Whether a format is of plain numbers: a fused product is of these throughout or not at all.
  public static boolean isPlain(NumberFormat format) {
    return format.layout().weights() == 1;
  }

  /// What keeps it from running a file of these formats, if anything does.
  public Optional<String> obstacle(Map<String, ? extends NumberFormat> formats) {
    return formats.entrySet().stream()
        .filter(entry -> !reads(entry.getValue()))
        .findFirst()
        .map(
            entry ->
                "%s does not read %s, the format of %s"
                    .formatted(id, entry.getValue().id(), entry.getKey()))
        .or(() -> mixed(formats));
  }

  /// Two tensors of one product, only one of them quantized.
  private Optional<String> mixed(Map<String, ? extends NumberFormat> formats) {
    Map<String, String> plain = new HashMap<>();
    Map<String, String> quantized = new HashMap<>();
    formats.forEach(
        (tensor, format) ->
            group(tensor).ifPresent(g -> (isPlain(format) ? plain : quantized).put(g, tensor)));
    return plain.entrySet().stream()
        .filter(entry -> quantized.containsKey(entry.getKey()))
        .findFirst()
        .map(
            entry ->
                "%s multiplies %s and %s as one matrix: both are quantized or none"
                    .formatted(id, entry.getValue(), quantized.get(entry.getKey())));
  }

  private Optional<String> group(String tensor) {
    TensorKind kind = TensorKind.of(tensor);
    return fused.stream()
        .filter(kinds -> kind.inBlock() && kinds.contains(kind.kind()))
        .findFirst()
        .map(kinds -> kind.block() + " " + kinds);
  }
}
