package halftone.huggingface;

import halftone.model.GgufValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Which tokens begin, end, pad …, and which of them a text gets by itself.
///
/// @param tokenizer `tokenizer.json`, empty where there is none
/// @param settings `tokenizer_config.json`
/// @param config `config.json`
/// @param generation `generation_config.json`
record SpecialTokens(
    JsonObject tokenizer,
    JsonObject settings,
    JsonObject config,
    JsonObject generation,
    AddedTokens added,
    Pieces pieces) {
  private static final String PREFIX = "tokenizer.ggml.";

  /// GGUF's names by Hugging Face's.
  private static final List<List<String>> NAMES =
      List.of(
          List.of("bos", "bos"),
          List.of("eos", "eos"),
          List.of("unk", "unknown"),
          List.of("sep", "seperator"),
          List.of("pad", "padding"),
          List.of("mask", "mask"));

  /// @param begins whether texts begin with the first token where no file says so
  SequencedMap<String, GgufValue> keys(boolean begins) {
    SequencedMap<String, GgufValue> keys = new LinkedHashMap<>();
    for (List<String> name : NAMES) {
      id(name.getFirst()).ifPresent(id -> put(keys, name.getLast(), id));
    }
    endOfTurn().ifPresent(id -> put(keys, "eot", id));
    boolean bos = settings.flagOr("add_bos_token", templateHas("bos", 0).orElse(begins));
    keys.put(PREFIX + "add_bos_token", new GgufValue.Bool(bos && id("bos").isPresent()));
    boolean eos = settings.flagOr("add_eos_token", templateHas("eos", -1).orElse(false));
    keys.put(PREFIX + "add_eos_token", new GgufValue.Bool(eos && id("eos").isPresent()));
    return keys;
  }

  private static void put(SequencedMap<String, GgufValue> keys, String name, int id) {
    keys.put(PREFIX + name + "_token_id", new GgufValue.U32(id));
  }

  private OptionalInt id(String name) {
    Optional<String> text = text(name);
    OptionalInt found =
        text.map(each -> added.find(each))
            .filter(OptionalInt::isPresent)
            .orElse(OptionalInt.empty());
    if (found.isEmpty() && text.isPresent()) {
      found = pieces.find(text.get());
    }
    return found.isPresent() ? found : configured(name);
  }

  /// A token is written as its text, or as an object with its `content`.
  private Optional<String> text(String name) {
    return switch (settings.values().get(name + "_token")) {
      case String text -> Optional.of(text);
      case null -> Optional.empty();
      default -> settings.object(name + "_token").flatMap(token -> token.text("content"));
    };
  }

  private OptionalInt configured(String name) {
    for (JsonObject file : List.of(config, generation)) {
      for (@Nullable Object id : ids(file, name)) {
        if (id instanceof Long number && number >= 0 && number < pieces.size()) {
          return OptionalInt.of(number.intValue());
        }
      }
    }
    return OptionalInt.empty();
  }

  private static List<@Nullable Object> ids(JsonObject file, String name) {
    Object value = file.values().get(name + "_token_id");
    return value instanceof List<?>
        ? file.list(name + "_token_id")
        : java.util.Arrays.asList(value);
  }

  /// Of several tokens that end generation, the first that is not the end of the text.
  private OptionalInt endOfTurn() {
    OptionalInt end = id("eos");
    return ids(generation, "eos").stream()
        .filter(id -> id instanceof Long number && number >= 0 && number < pieces.size())
        .mapToInt(id -> ((Long) java.util.Objects.requireNonNull(id)).intValue())
        .filter(id -> end.isEmpty() || id != end.getAsInt())
        .findFirst();
  }

  /// Whether the template of a single text has a token at its first (0) or last (−1) place; empty
  /// where no template stands.
  private Optional<Boolean> templateHas(String name, int place) {
    return template().map(steps -> matches(steps.get(place < 0 ? steps.size() - 1 : 0), name));
  }

  private boolean matches(JsonObject step, String name) {
    Optional<String> token = step.object("SpecialToken").flatMap(special -> special.text("id"));
    return token.isPresent() && token.equals(text(name));
  }

  private Optional<List<JsonObject>> template() {
    Optional<JsonObject> processor = tokenizer.object("post_processor");
    List<JsonObject> all =
        processor
            .map(each -> each.has("processors") ? each.objects("processors") : List.of(each))
            .orElse(List.of());
    return all.stream()
        .filter(each -> each.text("type").equals(Optional.of("TemplateProcessing")))
        .map(each -> each.objects("single"))
        .filter(steps -> !steps.isEmpty())
        .findFirst();
  }
}
