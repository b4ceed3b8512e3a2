package halftone.huggingface;

import halftone.huggingface.Pieces.Piece;
import halftone.model.GgufType;
import halftone.model.GgufValue;
import halftone.model.UnsupportedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The tokenizer of a folder as GGUF's `tokenizer.*` keys.
///
/// Byte-level BPE becomes `gpt2`: tokens, merges, and the name of the pre-tokenizer. BPE over
/// characters with a fallback to bytes, which is SentencePiece's, becomes `llama`: tokens and
/// scores, from `tokenizer.model` where it is there and from the order of merges where it is not.
final class VocabularyFolder {
  private static final String TOKENS = "tokenizer.ggml.tokens";
  private static final List<String> FILES =
      List.of(
          "tokenizer.json",
          "tokenizer.model",
          "tokenizer_config.json",
          "added_tokens.json",
          "generation_config.json",
          "chat_template.jinja",
          "chat_template.json");

  private final Path folder;
  private final Config config;
  private final Family family;
  private final @Nullable String preTokenizer;
  private final JsonObject tokenizer;
  private final JsonObject settings;

  VocabularyFolder(Path folder, Config config, Family family, @Nullable String preTokenizer)
      throws IOException {
    this.folder = folder;
    this.config = config;
    this.family = family;
    this.preTokenizer = preTokenizer;
    this.tokenizer = json("tokenizer.json");
    this.settings = json("tokenizer_config.json");
  }

  /// The files that are there.
  List<Path> files() {
    return FILES.stream().map(folder::resolve).filter(Files::exists).toList();
  }

  /// Tokens of converted keys.
  static int size(SequencedMap<String, GgufValue> keys) {
    return keys.get(TOKENS) instanceof GgufValue.Array(int _, List<GgufValue> tokens)
        ? tokens.size()
        : 0;
  }

  /// The keys, with a token for every row of the embedding that stays.
  ///
  /// @param rows of the embedding
  SequencedMap<String, GgufValue> keys(int rows) throws IOException {
    Path sentencePiece = folder.resolve("tokenizer.model");
    boolean fallsBack = model().map(model -> model.flagOr("byte_fallback", false)).orElse(true);
    if (fallsBack && Files.exists(sentencePiece)) {
      SentencePieceFile.Content content = SentencePieceFile.read(sentencePiece);
      return byScores(content.pieces(), spacePrefix(content.spacePrefix()), rows);
    }
    JsonObject model =
        model()
            .orElseThrow(
                () ->
                    new NoSuchFileException(
                        folder.resolve("tokenizer.json").toString(),
                        null,
                        "the folder holds neither it nor tokenizer.model"));
    requireMerging(model);
    Pieces pieces = pieces(model, fallsBack);
    return fallsBack
        ? byScores(pieces, spacePrefix(false), rows)
        : byMerges(pieces, Merges.of(model), rows);
  }

  private Optional<JsonObject> model() {
    return tokenizer.object("model");
  }

  private void requireMerging(JsonObject model) {
    String type = model.text("type").orElse("BPE");
    if (!type.equals("BPE")) {
      throw new UnsupportedModelException(
          "%s: a tokenizer of type %s; only BPE is read".formatted(model.file(), type));
    }
  }

  private static Pieces pieces(JsonObject model, boolean fallsBack) {
    Pieces pieces = new Pieces(model.file());
    JsonObject vocabulary =
        model
            .object("vocab")
            .orElseThrow(() -> model.malformed("vocab", "no such key", "it must hold the pieces"));
    MergeScores scores = new MergeScores(fallsBack ? Merges.of(model) : List.of());
    String unknown = model.text("unk_token").orElse("");
    for (String text : vocabulary.values().keySet()) {
      int id = vocabulary.requireInt(text);
      int type =
          !fallsBack
              ? Pieces.NORMAL
              : text.equals(unknown)
                  ? Pieces.UNKNOWN
                  : text.matches("<0x[0-9A-F]{2}>") ? Pieces.BYTE : Pieces.NORMAL;
      pieces.put(id, new Piece(text, scores.of(text, id), type));
    }
    return pieces;
  }

  private SequencedMap<String, GgufValue> byMerges(Pieces pieces, List<String> merges, int rows)
      throws IOException {
    SequencedMap<String, GgufValue> keys = new LinkedHashMap<>();
    String name = preTokenizer == null ? PreTokenizerNames.of(tokenizer) : preTokenizer;
    AddedTokens added = complete(pieces, rows);
    keys.put("tokenizer.ggml.model", new GgufValue.Text("gpt2"));
    keys.put("tokenizer.ggml.pre", new GgufValue.Text(name));
    keys.put(TOKENS, pieces.texts());
    keys.put("tokenizer.ggml.token_type", pieces.types());
    List<GgufValue> texts = merges.stream().<GgufValue>map(GgufValue.Text::new).toList();
    keys.put("tokenizer.ggml.merges", new GgufValue.Array(GgufType.STRING.id(), texts));
    finish(keys, pieces, added, false);
    return keys;
  }

  private SequencedMap<String, GgufValue> byScores(Pieces pieces, boolean spacePrefix, int rows)
      throws IOException {
    SequencedMap<String, GgufValue> keys = new LinkedHashMap<>();
    AddedTokens added = complete(pieces, rows);
    keys.put("tokenizer.ggml.model", new GgufValue.Text("llama"));
    keys.put(
        "tokenizer.ggml.pre", new GgufValue.Text(preTokenizer == null ? "default" : preTokenizer));
    keys.put(TOKENS, pieces.texts());
    keys.put("tokenizer.ggml.scores", pieces.scores());
    keys.put("tokenizer.ggml.token_type", pieces.types());
    finish(keys, pieces, added, true);
    keys.put("tokenizer.ggml.add_space_prefix", new GgufValue.Bool(spacePrefix));
    return keys;
  }

  /// Added tokens laid over the vocabulary, and a piece for every row.
  private AddedTokens complete(Pieces pieces, int rows) throws IOException {
    AddedTokens added = AddedTokens.of(tokenizer, settings, json("added_tokens.json"));
    added.into(pieces);
    int wanted =
        family instanceof Gemma3Family ? config.json().intOr("vocab_size", pieces.size()) : rows;
    pieces.fill(Math.min(rows, wanted));
    return added;
  }

  private void finish(
      SequencedMap<String, GgufValue> keys, Pieces pieces, AddedTokens added, boolean begins)
      throws IOException {
    JsonObject generation = json("generation_config.json");
    keys.putAll(
        new SpecialTokens(tokenizer, settings, config.json(), generation, added, pieces)
            .keys(begins));
    Optional<String> template = chatTemplate();
    template.ifPresent(text -> keys.put("tokenizer.chat_template", new GgufValue.Text(text)));
  }

  /// In the settings as a text or as a list of named ones, or in a file of its own.
  private Optional<String> chatTemplate() throws IOException {
    Path own = folder.resolve("chat_template.jinja");
    if (Files.exists(own)) {
      return Optional.of(JsonText.decode(own.toString(), SideFile.bytes(own)));
    }
    if (settings.values().get("chat_template") instanceof List<?>) {
      return settings.objects("chat_template").stream()
          .filter(each -> each.text("name").equals(Optional.of("default")))
          .findFirst()
          .flatMap(each -> each.text("template"));
    }
    JsonObject processor = json("chat_template.json");
    return settings.text("chat_template").or(() -> processor.text("chat_template"));
  }

  /// Whether a text gets a space before it: by the settings, else by the steps, else by the model.
  private boolean spacePrefix(boolean ofModel) {
    if (settings.has("add_prefix_space")) {
      return settings.flagOr("add_prefix_space", true);
    }
    List<JsonObject> steps =
        Stream.of("normalizer", "pre_tokenizer")
            .flatMap(key -> tokenizer.object(key).stream())
            .flatMap(VocabularyFolder::parts)
            .toList();
    return steps.isEmpty() ? ofModel : steps.stream().anyMatch(VocabularyFolder::prepends);
  }

  private static Stream<JsonObject> parts(JsonObject step) {
    return Stream.of("normalizers", "pretokenizers").anyMatch(step::has)
        ? Stream.concat(
            step.objects("normalizers").stream(), step.objects("pretokenizers").stream())
        : Stream.of(step);
  }

  private static boolean prepends(JsonObject step) {
    return switch (step.requireText("type")) {
      case "Prepend" -> true;
      case "Metaspace" ->
          step.text("prepend_scheme").map(scheme -> !scheme.equals("never")).orElse(false)
              || !step.has("prepend_scheme") && step.flagOr("add_prefix_space", true);
      default -> false;
    };
  }

  private JsonObject json(String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file)
        ? JsonObject.read(file)
        : new JsonObject(file.toString(), "", new LinkedHashMap<>());
  }
}
