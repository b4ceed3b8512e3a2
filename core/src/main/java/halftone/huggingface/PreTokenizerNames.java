package halftone.huggingface;

import halftone.model.UnsupportedModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What GGUF calls the first step of a byte-level tokenizer, found by what its `pre_tokenizer`
/// does.
///
/// llama.cpp's converter finds it by the hash of a sample's tokens; the steps themselves say the
/// same without running them. Sources: the tokenizers of the models named, and llama.cpp,
/// `src/llama-vocab.cpp`, August 2026.
final class PreTokenizerNames {
  private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  private static final String TAIL =
      "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String TAIL_OF_PATHS =
      "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final String THREE_DIGITS =
      CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}" + TAIL;
  private static final String GPT_2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)";

  /// Names by the steps, one string each.
  private static final Map<List<String>, String> NAMES =
      Map.ofEntries(
          Map.entry(List.of("split " + THREE_DIGITS, "bytes"), "dbrx"),
          Map.entry(
              List.of(
                  "split " + CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}" + TAIL,
                  "bytes"),
              "qwen2"),
          Map.entry(List.of("bytes gpt-2"), "gpt-2"),
          Map.entry(List.of("split " + GPT_2 + "|\\s+", "bytes"), "gpt-2"),
          Map.entry(List.of("digits", "bytes gpt-2"), "smollm"),
          Map.entry(List.of("punctuation", "bytes gpt-2", "split [0-9][0-9][0-9]"), "falcon"),
          Map.entry(List.of("split " + words("", "\\p{N}"), "bytes"), "tekken"),
          Map.entry(
              List.of("split " + words(CONTRACTIONS + "?", "\\p{N}{1,3}"), "bytes"), "gpt-4o"));

  private PreTokenizerNames() {}

  /// Words by upper and lower case, as GPT-4o's tokenizer has them.
  private static String words(String ending, String numbers) {
    String start = "[^\\r\\n\\p{L}\\p{N}]?";
    return (start + UPPER + "*" + LOWER + "+" + ending)
        + ("|" + start + UPPER + "+" + LOWER + "*" + ending)
        + ("|" + numbers + TAIL_OF_PATHS);
  }

  /// The name of a tokenizer's pre-tokenizer.
  ///
  /// @throws UnsupportedModelException when it is none of those known
  static String of(JsonObject tokenizer) {
    List<String> steps = new ArrayList<>();
    tokenizer.object("pre_tokenizer").ifPresent(each -> addSteps(steps, each));
    String name = NAMES.get(steps);
    Optional<String> normalizer = tokenizer.object("normalizer").flatMap(each -> each.text("type"));
    if (name == null || normalizer.isPresent() && !normalizer.get().equals("NFC")) {
      throw new UnsupportedModelException(unknown(tokenizer, steps, normalizer));
    }
    // Llama 3 looks whole words up before it merges; otherwise its steps are those of dbrx.
    boolean wholeWords =
        tokenizer.object("model").map(model -> model.flagOr("ignore_merges", false)).orElse(false);
    return name.equals("dbrx") && wholeWords ? "llama-bpe" : name;
  }

  private static void addSteps(List<String> steps, JsonObject step) {
    switch (step.requireText("type")) {
      case "Sequence" -> step.objects("pretokenizers").forEach(each -> addSteps(steps, each));
      case "ByteLevel" -> {
        boolean prefixed = step.flagOr("add_prefix_space", false);
        boolean splits = step.flagOr("use_regex", true);
        steps.add((prefixed ? "space " : "") + (splits ? "bytes gpt-2" : "bytes"));
      }
      case "Digits" -> steps.add(step.flagOr("individual_digits", false) ? "digits" : "numbers");
      case "Punctuation" -> steps.add("punctuation");
      case "Split" -> steps.add("split " + pattern(step));
      default -> steps.add(step.requireText("type"));
    }
  }

  private static String pattern(JsonObject step) {
    String regex =
        step.object("pattern")
            .flatMap(pattern -> pattern.text("Regex").or(() -> pattern.text("String")))
            .orElse("");
    return regex.replace("(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])", CONTRACTIONS);
  }

  private static String unknown(
      JsonObject tokenizer, List<String> steps, Optional<String> normalizer) {
    return "%s: the pre-tokenizer %s%s is none of those known (%s); if you know its name in llama.cpp, give it with --pre"
        .formatted(
            tokenizer.file(),
            steps,
            normalizer.map(type -> " behind a normalizer " + type).orElse(""),
            String.join(", ", NAMES.values().stream().distinct().sorted().toList())
                + ", llama-bpe");
  }
}
