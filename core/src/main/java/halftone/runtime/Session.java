package halftone.runtime;

import halftone.kvcache.CachePolicy;
import halftone.model.Model;
import halftone.model.Op;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/// Texts in the making: a model that remembers the keys and values of what it has read, so that
/// each new token costs one row. Any number of texts, numbered as the caller likes, share the
/// weights; those that go on together read them once.
///
/// Logits are bit for bit the same however a text was cut into calls, and whatever other texts ran
/// with it; with [CachePolicy#F32] and [Arithmetic#EXACT] they are those of [Engine] on the whole
/// text. One session serves one thread at a time.
public final class Session implements AutoCloseable {
  /// Tokens of a prompt that run together.
  static final int CHUNK = 512;

  private final Model model;
  private final Engine engine;
  private final Operations operations;
  private final CachedTexts texts;
  private final Arena packed = Arena.ofShared();
  private final int context;
  private final Arithmetic arithmetic;
  private final int vocabulary;
  private final Map<Integer, Integer> lengths = new HashMap<>();
  private final IntUnaryOperator lengthOfText = this::length;
  private int rowsOfLast;

  /// Tokens and rows of a step, and its logits.
  private int[][] columns = {};

  private int[] steppedRows = {};
  private float[] stepped = {};
  private final LogitsReader keepStepped = this::keepStepped;

  /// How a session runs.
  ///
  /// @param context the most tokens of a text, prompt and all
  /// @param packedBytes memory outside the heap that repacked weights may take: about 2 bytes a
  ///   weight of an F16 file, 4 of any other; weights without room are decoded for every token
  public record Settings(Arithmetic arithmetic, CachePolicy cache, int context, long packedBytes) {
    public Settings {
      if (context < 1 || packedBytes < 0) {
        throw new IllegalArgumentException(
            "a context of %d tokens and %d bytes for weights".formatted(context, packedBytes));
      }
    }
  }

  /// @throws IllegalArgumentException when the model is known by name only, or its heads do not fit
  ///   the cache's format
  public Session(Model model, Settings settings, Workers workers) {
    this.model = model;
    this.context = settings.context();
    this.arithmetic = settings.arithmetic();
    Products products = new PackedProducts(model, settings.packedBytes(), packed);
    this.operations = new Operations(model, settings.arithmetic(), products, workers);
    List<Op.Attention> attentions = attentions(model);
    this.texts =
        new CachedTexts(
            operations,
            settings.arithmetic(),
            settings.cache(),
            context,
            attentions.size(),
            workers);
    this.engine = new Engine(model, operations, texts);
    this.vocabulary = vocabulary(model);
    for (Op.Attention op : attentions) { // heads that do not fit the cache's format say so now
      settings.cache().layer(op.keyValueHeads(), op.headSize(), op.window());
    }
  }

  private static List<Op.Attention> attentions(Model model) {
    return model.blocks().stream()
        .flatMap(block -> block.nodes().stream())
        .filter(node -> node.op() instanceof Op.Attention)
        .map(node -> (Op.Attention) node.op())
        .toList();
  }

  private static int vocabulary(Model model) {
    return model.head().nodes().stream()
        .filter(node -> node.op() instanceof Op.Linear)
        .map(node -> model.tensors().get(((Op.Linear) node.op()).weight()))
        .mapToInt(weight -> Math.toIntExact(weight.shape().rows()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the model's head has no output layer"));
  }

  /// Logits of a token.
  public int vocabulary() {
    return vocabulary;
  }

  /// How this session multiplies.
  public Arithmetic arithmetic() {
    return arithmetic;
  }

  /// The most tokens of a text.
  public int context() {
    return context;
  }

  /// Tokens read of a text.
  public int length(int text) {
    return lengths.getOrDefault(text, 0);
  }

  /// Bytes of all keys and values held.
  public long cacheBytes() {
    return texts.bytes();
  }

  /// Bytes of activations, rotary tables and decoded vectors at the time there were most; see
  /// [MemoryPlan].
  public long bufferBytes() {
    return operations.mostBytes() + texts.tableBytes();
  }

  /// Begins a text anew.
  public void forget(int text) {
    texts.forget(text);
    lengths.remove(text);
  }

  /// Reads tokens of one text, some hundreds at a time, and gives the logits after the last.
  ///
  /// @param tokens at least one
  /// @throws IllegalArgumentException when the text would be longer than the context, or an id is
  ///   not in the vocabulary
  public float[] read(int text, int[] tokens) {
    float[] last = new float[vocabulary];
    read(
        text,
        tokens,
        tokens.length - 1,
        (row, count, logits) -> System.arraycopy(logits, 0, last, 0, vocabulary));
    return last;
  }

  /// As [#read(int, int[])], giving the logits after every token from `tokens[firstWanted]` on, in
  /// order; rows count from there.
  public void read(int text, int[] tokens, int firstWanted, LogitsReader reader) {
    if (tokens.length == 0) {
      throw new IllegalArgumentException("no token to read");
    }
    requireRoom(text, tokens.length);
    for (int from = 0; from < tokens.length; from += CHUNK) {
      int to = Math.min(tokens.length, from + CHUNK);
      Activations hidden =
          run(new int[] {text}, new int[][] {Arrays.copyOfRange(tokens, from, to)});
      int wanted = Math.max(0, firstWanted - from);
      if (wanted < to - from) {
        int before = from + wanted - firstWanted;
        engine.head(
            hidden,
            rows(wanted, to - from),
            Tap.NONE,
            (row, count, logits) -> reader.accept(before + row, count, logits));
      }
      operations.release(hidden);
    }
  }

  /// Reads one token of each text and gives the logits after it, row by row; the array is valid
  /// until the next call.
  public float[] step(int[] numbers, int[] tokens) {
    for (int text : numbers) {
      requireRoom(text, 1);
    }
    if (columns.length != tokens.length) {
      columns = new int[tokens.length][1];
      steppedRows = rows(0, tokens.length);
    }
    for (int i = 0; i < tokens.length; i++) {
      columns[i][0] = tokens[i];
    }
    Activations hidden = run(numbers, columns);
    engine.head(hidden, steppedRows, Tap.NONE, keepStepped);
    operations.release(hidden);
    return stepped;
  }

  /// Logits that come all at once stay where they are until the next call.
  private void keepStepped(int row, int count, float[] logits) {
    if (count == steppedRows.length) {
      stepped = logits;
      return;
    }
    if (row == 0) {
      stepped = new float[Math.multiplyExact(steppedRows.length, vocabulary)];
    }
    System.arraycopy(logits, 0, stepped, row * vocabulary, count * vocabulary);
  }

  private static int[] rows(int from, int to) {
    int[] rows = new int[to - from];
    Arrays.setAll(rows, i -> from + i);
    return rows;
  }

  private Activations run(int[] numbers, int[][] tokens) {
    requireArraysFor(numbers.length * tokens[0].length);
    Activations hidden = engine.embed(tokens);
    texts.begin(numbers, lengthOfText);
    Activations last = engine.blocks(hidden);
    for (int i = 0; i < numbers.length; i++) {
      lengths.put(numbers[i], length(numbers[i]) + tokens[i].length);
    }
    return last;
  }

  /// Arrays of one batch are of no use to a batch of another size.
  private void requireArraysFor(int rows) {
    if (rows != rowsOfLast) {
      operations.forgetArrays();
      rowsOfLast = rows;
    }
  }

  private void requireRoom(int text, int more) {
    if (length(text) + more > context) {
      throw new IllegalArgumentException(
          "%d tokens and %d more do not fit a context of %d; make the context longer or the text shorter"
              .formatted(length(text), more, context));
    }
  }

  /// Frees the packed weights.
  @Override
  public void close() {
    packed.close();
  }
}
