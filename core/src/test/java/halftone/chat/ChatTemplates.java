package halftone.chat;

import halftone.model.GgufValue;
import halftone.model.Metadata;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;

/// Templates in tiny files, and conversations to render.
final class ChatTemplates {
  /// 26 July 2024, 09:05:03.
  static final Clock CLOCK = Clock.fixed(Instant.parse("2024-07-26T09:05:03Z"), ZoneOffset.UTC);

  static final List<Message> WITH_SYSTEM =
      List.of(
          new Message("system", "  Be brief. "),
          new Message("user", " What is 1+1?\n"),
          new Message("assistant", " 2 "),
          new Message("user", "Why? 'é🦙' \"q\" <b>"));

  /// One question; a system message; thoughts; and two messages of one role.
  static final List<List<Message>> CONVERSATIONS =
      List.of(
          List.of(new Message("user", "Hi")),
          WITH_SYSTEM,
          List.of(
              new Message("user", "a"),
              new Message("assistant", "<think>\nhmm\n</think>\n\nb"),
              new Message("user", "c"),
              new Message("assistant", "d")),
          List.of(new Message("user", "a"), new Message("user", "b")));

  private ChatTemplates() {}

  /// With the special tokens `<unk>`, `<s>`, `</s>` and `<pad>`.
  static ChatTemplate of(String template) {
    SequencedMap<String, GgufValue> keys = new LinkedHashMap<>();
    keys.put(ChatTemplate.KEY, new GgufValue.Text(template));
    keys.put(
        "tokenizer.ggml.tokens",
        new GgufValue.Array(
            8,
            List.of(
                new GgufValue.Text("<unk>"),
                new GgufValue.Text("<s>"),
                new GgufValue.Text("</s>"),
                new GgufValue.Text("<pad>"))));
    keys.put("tokenizer.ggml.unknown_token_id", new GgufValue.U32(0));
    keys.put("tokenizer.ggml.bos_token_id", new GgufValue.U32(1));
    keys.put("tokenizer.ggml.eos_token_id", new GgufValue.U32(2));
    keys.put("tokenizer.ggml.padding_token_id", new GgufValue.U32(3));
    return ChatTemplate.of(new Metadata("tiny.gguf", keys), CLOCK);
  }

  /// The conversation's text, or how the template refuses it.
  static String outcome(String template, List<Message> messages, boolean prompt) {
    try {
      return of(template).render(messages, prompt);
    } catch (IllegalArgumentException refused) {
      String message = Objects.requireNonNull(refused.getMessage());
      return "refused: " + message.substring(message.indexOf("messages: ") + 10);
    } catch (halftone.model.MalformedFileException wrong) {
      return "error";
    }
  }

  static String resource(String name) throws IOException {
    try (InputStream in = ChatTemplates.class.getResourceAsStream(name)) {
      byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /// The parts of a resource between lines of `=====`.
  static List<String> parts(String name) throws IOException {
    String text = resource(name);
    return List.of(text.substring(0, text.length() - 1).split("\n=====\n", -1));
  }
}
