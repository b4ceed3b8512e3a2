package halftone.tokenizer;

import java.util.List;
import java.util.Optional;

/// The pre-tokenizers, by the name a GGUF file gives them in `tokenizer.ggml.pre`. The expressions
/// are those of llama.cpp (MIT), `src/llama-vocab.cpp`, in Java's syntax.
final class PreTokenizers {
  private static final String CONTRACTION =
      "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
  private static final String GPT_2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)";
  private static final String THREE_DIGITS = "[0-9][0-9][0-9]";

  /// Every supported pre-tokenizer.
  static final List<PreTokenizer> ALL =
      List.of(
          new PreTokenizer(
              List.of("llama-bpe", "llama3", "llama-v3"),
              PreTokenizer.compile(contractionsWordsAndNumbers("\\p{N}{1,3}")),
              true,
              true),
          PreTokenizer.cutting(List.of("qwen2"), contractionsWordsAndNumbers("\\p{N}")),
          PreTokenizer.cutting(List.of("gpt-2"), GPT_2),
          PreTokenizer.cutting(
              List.of("default"), "[\\p{P}$+<=>^~|]+", GPT_2, "\\p{N}+", THREE_DIGITS),
          PreTokenizer.cutting(List.of("falcon"), "[\\p{P}$+<=>^~|`]+", GPT_2, THREE_DIGITS),
          PreTokenizer.cutting(List.of("smollm", "starcoder"), "\\p{N}", GPT_2));

  private PreTokenizers() {}

  static Optional<PreTokenizer> named(String name) {
    return ALL.stream().filter(each -> each.names().contains(name)).findFirst();
  }

  static List<String> names() {
    return ALL.stream().flatMap(each -> each.names().stream()).toList();
  }

  private static String contractionsWordsAndNumbers(String numbers) {
    return CONTRACTION
        + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|"
        + numbers
        + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  }
}
