package halftone.chat;

import halftone.model.MalformedFileException;
import halftone.model.Metadata;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// A model's chat template: what its conversations look like as text.
///
/// The template is a program in the language of Jinja that came with the file, so it is not
/// trusted: it sees the messages and nothing else, and steps, text and depth are bounded. Immutable
/// and safe for use by several threads.
///
/// Example with SmolLM2's template and one user message "Hi": `<|im_start|>system\nYou are a
/// helpful AI assistant named SmolLM, trained by Hugging
/// Face<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n`, and `<|im_start|>assistant\n` when a
/// generation prompt is asked for.
///
/// Encode the result with control tokens (`tokenizer.encode(text, true)`). Many templates write the
/// beginning-of-sequence token themselves: put none in front of ids that start with it.
public final class ChatTemplate {
  /// The metadata key that holds the template; a model that was not trained on conversations has
  /// none.
  public static final String KEY = "tokenizer.chat_template";

  private static final String TOKENS = "tokenizer.ggml.tokens";
  private static final Map<String, String> NAMED =
      Map.of(
          "bos_token", "tokenizer.ggml.bos_token_id",
          "eos_token", "tokenizer.ggml.eos_token_id",
          "unk_token", "tokenizer.ggml.unknown_token_id",
          "pad_token", "tokenizer.ggml.padding_token_id");
  private static final String ELSE = "write the prompt in the model's format by hand";

  private final String source;
  private final List<Statement> program;
  private final SequencedMap<String, Value> tokens;
  private final Clock clock;

  private ChatTemplate(
      String source, List<Statement> program, SequencedMap<String, Value> tokens, Clock clock) {
    this.source = source;
    this.program = program;
    this.tokens = tokens;
    this.clock = clock;
  }

  /// The template of a model's metadata, with the time of this machine for templates that tell the
  /// model the date.
  ///
  /// @throws MalformedFileException when there is none, or it is not written in the part of Jinja
  ///   that is known here; names line and construct
  public static ChatTemplate of(Metadata metadata) {
    return of(metadata, Clock.systemDefaultZone());
  }

  /// As [#of(Metadata)], with a clock of one's own.
  public static ChatTemplate of(Metadata metadata, Clock clock) {
    String template = metadata.requireText(KEY);
    SequencedMap<String, Value> tokens = new LinkedHashMap<>();
    NAMED.forEach(
        (name, key) ->
            token(metadata, key).ifPresent(text -> tokens.put(name, new Value.Text(text))));
    try {
      return new ChatTemplate(metadata.source(), TemplateParser.parse(template), tokens, clock);
    } catch (TemplateException wrong) {
      throw malformed(metadata.source(), wrong.line(), wrong);
    }
  }

  private static Optional<String> token(Metadata metadata, String key) {
    if (!metadata.has(key)) {
      return Optional.empty();
    }
    List<String> pieces = metadata.texts(TOKENS);
    int id = metadata.requireInt(key);
    return id < pieces.size() ? Optional.of(pieces.get(id)) : Optional.empty();
  }

  /// The text of a conversation.
  ///
  /// @param addGenerationPrompt whether the text ends where the assistant's answer begins
  /// @throws IllegalArgumentException when the template refuses these messages, as many do when
  ///   roles do not alternate
  /// @throws MalformedFileException when the template fails, or exceeds its bounds; names line and
  ///   construct
  public String render(List<Message> messages, boolean addGenerationPrompt) {
    SequencedMap<String, Value> variables = new LinkedHashMap<>(tokens);
    variables.put(
        "messages", new Value.Sequence(messages.stream().map(ChatTemplate::value).toList()));
    variables.put("tools", Value.NONE);
    variables.put("documents", Value.NONE);
    variables.put("add_generation_prompt", new Value.Truth(addGenerationPrompt));
    Renderer renderer = new Renderer(clock, variables);
    try {
      return renderer.render(program);
    } catch (RefusedMessagesException refused) {
      throw new IllegalArgumentException(
          "%s: the chat template refuses these messages: %s"
              .formatted(source, refused.getMessage()),
          refused);
    } catch (TemplateException wrong) {
      throw malformed(source, renderer.line(), wrong);
    }
  }

  private static Value value(Message message) {
    SequencedMap<String, Value> entries = new LinkedHashMap<>();
    entries.put("role", new Value.Text(message.role()));
    entries.put("content", new Value.Text(message.content()));
    return Value.Mapping.named(entries);
  }

  private static MalformedFileException malformed(
      String source, int line, TemplateException wrong) {
    return new MalformedFileException(
        source, KEY, "in line " + line + ": " + wrong.getMessage(), ELSE);
  }
}
