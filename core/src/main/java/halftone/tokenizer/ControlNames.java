package halftone.tokenizer;

import halftone.model.Metadata;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Tokens known by their text. Converters often write them as normal or user-defined tokens; as in
/// llama.cpp (`src/llama-vocab.cpp`) the text decides what they are.
final class ControlNames {
  /// A model that gives one of these has said what it wanted to say.
  private static final Set<String> ENDS =
      Set.of(
          "<|eot_id|>",
          "<|im_end|>",
          "<|end|>",
          "<|return|>",
          "<|call|>",
          "<|flush|>",
          "<|calls|>",
          "<end_of_turn>",
          "<|endoftext|>",
          "</s>",
          "<|eom_id|>",
          "<EOT>",
          "_<EOT>",
          "[EOT]",
          "[EOS]",
          "<|end_of_text|>",
          "<end_of_utterance>",
          "<eos>",
          "<turn|>",
          "<|tool_response>",
          "<｜end▁of▁sentence｜>",
          "[e~[");

  /// Marks for filling in the middle of a text, by the keys that may name them otherwise.
  private static final Map<String, Set<String>> MIDDLE =
      Map.of(
          "fim_pre",
          Set.of(
              "<|fim_prefix|>", "<fim-prefix>", "<fim_prefix>", "<｜fim▁begin｜>", "<PRE>", "▁<PRE>"),
          "fim_suf",
          Set.of(
              "<|fim_suffix|>", "<fim-suffix>", "<fim_suffix>", "<｜fim▁hole｜>", "<SUF>", "▁<SUF>"),
          "fim_mid",
          Set.of(
              "<|fim_middle|>", "<fim-middle>", "<fim_middle>", "<｜fim▁end｜>", "<MID>", "▁<MID>"),
          "fim_pad",
          Set.of("<|fim_pad|>", "<fim-pad>", "<PAD>", "[PAD]"),
          "fim_rep",
          Set.of("<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"),
          "fim_sep",
          Set.of("<|file_sep|>"));

  private static final Map<String, String> MARKS = inverse(MIDDLE);

  private static final Set<String> ENDING_MARKS = Set.of("fim_pad", "fim_rep", "fim_sep");

  /// Marks of the harmony format, which stay visible in what a model writes.
  static final Set<String> VISIBLE =
      Set.of("<|channel|>", "<|message|>", "<|start|>", "<|constrain|>");

  private ControlNames() {}

  /// Whether a token is a control token by its text. A file that names a mark by key has said all
  /// about it.
  static boolean contains(Metadata metadata, String text) {
    return ENDS.contains(text) || isMark(metadata, text, MIDDLE.keySet());
  }

  /// Whether a token with this text ends what a model writes: it wants to pad, or to start a file.
  static boolean endsText(Metadata metadata, String text) {
    return ENDS.contains(text) || isMark(metadata, text, ENDING_MARKS);
  }

  private static boolean isMark(Metadata metadata, String text, Set<String> marks) {
    String mark = MARKS.get(text);
    return mark != null && marks.contains(mark) && !metadata.has(key(mark));
  }

  private static Map<String, String> inverse(Map<String, Set<String>> names) {
    Map<String, String> marks = new HashMap<>();
    names.forEach((mark, texts) -> texts.forEach(text -> marks.put(text, mark)));
    return Map.copyOf(marks);
  }

  private static String key(String mark) {
    return "tokenizer.ggml." + mark + "_token_id";
  }
}
