package halftone.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.GgufValue;
import halftone.model.InputBlocks;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.TinyDecoder;
import halftone.model.TinyLlama;
import halftone.model.UnevenChannels;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.quantizer.LayerInputs;
import halftone.quantizer.RoundToNearest;
import halftone.runtime.Arithmetic;
import halftone.runtime.LogitRows;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Channels brought together, and what runs by what the file says of them.
class FmpqTest {
  private static final Workers WORKERS = new LocalWorkers(2);
  private static final int[][] TEXT = TransformTest.tokens(3, 40);
  private static final int[] TOKENS = TEXT[0];
  private static final List<TinyDecoder> ARCHITECTURES = TinyDecoder.ALL;

  /// Every eighth channel of what norms give stands out: eight of 64.
  private static final Model OUTLIERS = UnevenChannels.of(TinyLlama.seeded(3), 20).model();

  @TempDir private Path folder;

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  private static Model apply(Fmpq fmpq, Model model) {
    return fmpq.apply(model, fmpq.measure(model, TEXT, WORKERS));
  }

  @ParameterizedTest
  @FieldSource("ARCHITECTURES")
  void logitsAreWhatTheyWere(TinyDecoder tiny) {
    Model model = tiny.model();
    Model ordered = apply(new Fmpq(8, 1.1, 0), model);
    float largest = 0;
    for (float[] row : LogitRows.of(model, TOKENS, Arithmetic.EXACT)) {
      for (float logit : row) {
        largest = Math.max(largest, Math.abs(logit));
      }
    }
    double change =
        LogitRows.largestDifference(
            LogitRows.of(model, TOKENS, Arithmetic.EXACT),
            LogitRows.of(ordered, TOKENS, Arithmetic.EXACT));
    assertThat(change).isLessThan(1e-5 * largest);
    InputBlocks blocks = InputBlocks.of(ordered.metadata());
    assertThat(blocks.orders().values()).anyMatch(order -> order[0] != 0);
    assertThat(blocks.orders().keySet())
        .allMatch(name -> name.matches("residual|blk\\.\\d+\\.\\w+"));
  }

  @Test
  void outliersFillAsFewBlocksAsTheyCan() {
    InputBlocks blocks = InputBlocks.of(apply(new Fmpq(8, 6, 0), OUTLIERS).metadata());
    for (String reader : List.of("attn_q", "attn_k", "attn_v", "ffn_gate", "ffn_up")) {
      assertThat(blocks.eight().get("blk.0." + reader + ".weight")).containsExactly(0);
    }
    // As they lie, each of the eight blocks has one.
    float[] largest = new float[64];
    for (int c = 0; c < largest.length; c++) {
      largest[c] = c % 8 == 0 ? 20 : 1;
    }
    OutlierChannels channels = OutlierChannels.of(largest);
    assertThat(channels.blocks(8, 6)).hasSize(8);
    for (int size : new int[] {2, 4, 8, 16}) {
      int[] order = channels.order(channels.count(6));
      assertThat(channels.ordered(order).blocks(size, 6)).hasSize(Math.ceilDiv(8, size));
    }
  }

  @Test
  void theOthersKeepTheirOrder() {
    OutlierChannels channels = OutlierChannels.of(new float[] {1, 9, 1, 1, 30, 1, 1, 8});
    assertThat(channels.order(channels.count(6))).containsExactly(4, 1, 7, 0, 2, 3, 5, 6);
    assertThat(channels.order(1)).containsExactly(4, 0, 1, 2, 3, 5, 6, 7);
  }

  @Test
  void aShareIsWhatItSays() {
    InputBlocks blocks = InputBlocks.of(apply(new Fmpq(8, 6, 0.25), OUTLIERS).metadata());
    blocks
        .eight()
        .forEach(
            (weight, eight) -> {
              int inputs = OUTLIERS.tensors().get(weight).shape().columns();
              assertThat(eight).as(weight).hasSize(inputs / 8 / 4);
            });
  }

  /// Eight bits where outliers are lose little more than eight bits everywhere.
  @Test
  void theFileSaysHowItRuns() throws IOException {
    Model ordered = inEightBits(apply(new Fmpq(8, 6, 0), OUTLIERS));
    Path file = TinyLlama.write(folder.resolve("ordered.gguf"), ordered);
    try (GgufFile opened = GgufReader.open(file)) {
      Model read = ModelReader.read(opened);
      double mixed = change(read, "fmpq");
      assertThat(mixed).isEqualTo(change(ordered, "fmpq"));
      double four = change(inEightBits(OUTLIERS), "a4-block8");
      double eight = change(read, "a8-block8");
      assertThat(mixed).isLessThan(0.5 * four).isGreaterThan(eight);
    }
    // Nothing is rounded where no weight is.
    assertThat(change(OUTLIERS, "fmpq")).isZero();
    assertThatThrownBy(() -> change(inEightBits(OUTLIERS), "fmpq"))
        .hasMessageContaining("halftone quantize --transform fmpq");
  }

  /// Of the logits, root mean square.
  private static double change(Model model, String as) {
    float[][] exact = LogitRows.of(model, TOKENS, Arithmetic.EXACT);
    float[][] rounded = LogitRows.of(model, TOKENS, Arithmetic.parse(as));
    double sum = 0;
    for (int row = 0; row < exact.length; row++) {
      for (int i = 0; i < TinyLlama.VOCABULARY; i++) {
        double d = exact[row][i] - rounded[row][i];
        sum += d * d;
      }
    }
    return Math.sqrt(sum / exact.length / TinyLlama.VOCABULARY);
  }

  /// The readers of norms, whose inputs have outliers; inputs of the others are not rounded then.
  private static Model inEightBits(Model model) {
    WeightFormat format = (WeightFormat) NumberFormats.named("Q8_0");
    List<Tensor> tensors = new ArrayList<>();
    model.blocks().stream()
        .flatMap(block -> Model.linears(block).stream())
        .filter(name -> !name.contains("attn_output") && !name.contains("ffn_down"))
        .forEach(
            name ->
                tensors.add(
                    new RoundToNearest()
                        .quantize(
                            name,
                            model.tensors().get(name),
                            format,
                            LayerInputs.UNKNOWN,
                            WORKERS)));
    return model.with(tensors);
  }

  @Test
  void damagedMetadataAndOddWidthsAreNamed() {
    SequencedMap<String, GgufValue> damaged =
        new LinkedHashMap<>(apply(new Fmpq(8, 6, 0), OUTLIERS).metadata());
    String key = "halftone.input_blocks.order.residual";
    List<GgufValue> order = new ArrayList<>(((GgufValue.Array) damaged.get(key)).elements());
    order.set(3, order.get(4));
    damaged.put(key, new GgufValue.Array(5, order));
    assertThatThrownBy(() -> InputBlocks.of(damaged))
        .hasMessageContaining(key)
        .hasMessageContaining("there twice");
    damaged.put(key, new GgufValue.Text("no order"));
    assertThatThrownBy(() -> InputBlocks.of(damaged)).hasMessageContaining("no array of INT32");
    assertThatThrownBy(() -> apply(new Fmpq(), OUTLIERS))
        .hasMessageContaining("no whole number of blocks of 128; try fmpq:block=64");
  }
}
