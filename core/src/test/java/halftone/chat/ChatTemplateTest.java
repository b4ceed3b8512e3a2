package halftone.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.llamacpp.AssumedLlamaCpp;
import halftone.llamacpp.Llama;
import halftone.llamacpp.LlamaChat;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.MalformedFileException;
import halftone.model.Metadata;
import halftone.model.SharedFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The expected texts are what Jinja2 3.1.6 makes of the same templates, set up as the library
/// `transformers` does.
class ChatTemplateTest {
  private static final String SMOLLM2 = "models/SmolLM2-135M-Instruct.Q4_1.gguf";

  /// Templates written after the published formats, in the constructs of the published ones.
  @ParameterizedTest
  @ValueSource(strings = {"chatml", "llama2", "llama3", "mistral", "gemma", "phi3", "qwen3"})
  void rendersEveryFamilyAsJinja2Does(String family) throws IOException {
    String template = ChatTemplates.resource(family + ".jinja");
    List<String> texts = new ArrayList<>();
    for (List<Message> conversation : ChatTemplates.CONVERSATIONS) {
      texts.add(ChatTemplates.outcome(template, conversation, false));
      texts.add(ChatTemplates.outcome(template, conversation, true));
    }
    assertThat(texts).isEqualTo(ChatTemplates.parts(family + ".txt"));
  }

  /// The language construct by construct: operators, slices, scopes, white space, filters, errors.
  @Test
  void evaluatesEveryConstructAsJinja2Does() throws IOException {
    List<String> cases = ChatTemplates.parts("jinja2.cases");
    assertThat(cases).hasSizeGreaterThan(60);
    for (String each : cases) {
      String[] parts = each.split("\n-----\n", -1);
      assertThat(ChatTemplates.outcome(parts[0], ChatTemplates.WITH_SYSTEM, true))
          .as(parts[0])
          .isEqualTo(parts[1]);
    }
  }

  @Test
  void rendersSmolLm2AsLlamaCppDoes() throws IOException {
    Metadata keys = smolLm2();
    ChatTemplate template = ChatTemplate.of(keys);
    Llama llama = Llama.open(AssumedLlamaCpp.library());
    for (boolean prompt : new boolean[] {false, true}) {
      List<String> flat =
          ChatTemplates.WITH_SYSTEM.stream()
              .flatMap(message -> Stream.of(message.role(), message.content()))
              .toList();
      assertThat(template.render(ChatTemplates.WITH_SYSTEM, prompt))
          .isEqualTo(LlamaChat.render(llama, keys.requireText(ChatTemplate.KEY), flat, prompt));
    }
  }

  /// Where llama.cpp knows the format only by its looks and leaves out the template's own words.
  @Test
  void letsSmolLm2IntroduceItself() throws IOException {
    assertThat(ChatTemplate.of(smolLm2()).render(List.of(new Message("user", "Hi")), true))
        .isEqualTo(
            """
            <|im_start|>system
            You are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>
            <|im_start|>user
            Hi<|im_end|>
            <|im_start|>assistant
            """);
  }

  private static Metadata smolLm2() throws IOException {
    try (GgufFile file = GgufReader.open(SharedFolder.file(SMOLLM2))) {
      return new Metadata("smollm2.gguf", new LinkedHashMap<>(file.metadata()));
    }
  }

  @Test
  void namesFileLineAndConstructOfWhatItDoesNotKnow() {
    assertThatThrownBy(() -> ChatTemplates.of("\n\n{% include 'x' %}"))
        .isInstanceOf(MalformedFileException.class)
        .hasMessage(
            "tiny.gguf: tokenizer.chat_template: found in line 3: statement \"include\"; known are"
                + " break, continue, for, generation, if, macro, set; write the prompt in the"
                + " model's format by hand");
    assertThatThrownBy(() -> render("a\n{{ 'x' | frobnicate }}"))
        .hasMessageContaining("in line 2: filter \"frobnicate\"");
    assertThatThrownBy(() -> render("{{ messages.nope.deeper }}"))
        .hasMessageContaining("member \"deeper\" of undefined \"nope\"");
    assertThatThrownBy(() -> render("{{ 'a' + 1 }}"))
        .hasMessageContaining("operator + between text and number");
  }

  private static String render(String template) {
    return ChatTemplates.of(template).render(ChatTemplates.WITH_SYSTEM, false);
  }

  @Test
  void passesOnWhyATemplateRefusesTheMessages() {
    assertThatThrownBy(() -> render("{{ raise_exception('No ' + messages[0].role + ' here.') }}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tiny.gguf: the chat template refuses these messages: No system here.");
  }

  @Test
  void saysWhenAModelHasNoTemplate() {
    Metadata bare = new Metadata("base.gguf", new LinkedHashMap<>());
    assertThatThrownBy(() -> ChatTemplate.of(bare))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("base.gguf: tokenizer.chat_template: found no such key");
  }
}
