package halftone.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.kvcache.CachePolicy;
import halftone.machine.InstructionSet;
import halftone.model.Model;
import halftone.model.TinyLlama;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.quantizer.LayerInputs;
import halftone.quantizer.RoundToNearest;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A network whose products are made in integers.
class IntegerArithmeticTest {
  private static final int[] TOKENS = new Random(3).ints(21, 0, TinyLlama.VOCABULARY).toArray();
  private static final Model MODEL = new TinyLlama(256, 2, 4, 2, 512, false, 7).model();

  private static Model in(String format) {
    WeightFormat to = (WeightFormat) NumberFormats.named(format);
    List<Tensor> tensors = new ArrayList<>();
    try (Workers workers = new LocalWorkers(2)) {
      for (String name : MODEL.linears()) {
        Tensor weight = MODEL.tensors().get(name);
        tensors.add(new RoundToNearest().quantize(name, weight, to, LayerInputs.UNKNOWN, workers));
      }
    }
    return MODEL.with(tensors);
  }

  private static double change(Model model, Arithmetic as) {
    return LogitRows.largestDifference(
        LogitRows.of(model, TOKENS, Arithmetic.EXACT), LogitRows.of(model, TOKENS, as));
  }

  /// One scale for 32 inputs instead of 256 loses less; for the others llama.cpp has as many.
  @ParameterizedTest
  @CsvSource({"Q8_0,1.5", "Q4_0,1.5", "Q4_K,0.8", "Q6_K,0.8", "Q5_K,0.8", "Q3_K,0.8", "IQ4_XS,0.8"})
  void inputsAreRoundedFinerThanLlamaCppDoes(String format, double most) {
    Model model = in(format);
    double change = change(model, Arithmetic.INT8);
    assertThat(change).isPositive().isLessThan(most * change(model, Arithmetic.LLAMA));
  }

  @Test
  void otherWeightsMeetFloats() {
    assertThat(change(MODEL, Arithmetic.INT8)).isZero();
  }

  /// A value that goes through weights of both kinds is rounded for the one and not for the other:
  /// each alone changes the logits, and the floats of one are not taken for the integers of the
  /// other.
  @Test
  void layersOfOneValueMayRoundItDifferently() {
    Model all = in("Q4_K");
    List<Tensor> some =
        all.tensors().values().stream()
            .filter(tensor -> tensor.name().contains("attn_q") || tensor.name().contains("ffn_up"))
            .toList();
    Model mixed = MODEL.with(some);
    assertThat(change(mixed, Arithmetic.INT8))
        .isPositive()
        .isLessThan(2 * change(all, Arithmetic.INT8));
    Model other = all.with(some.stream().map(t -> MODEL.tensors().get(t.name())).toList());
    assertThat(change(other, Arithmetic.INT8)).isPositive();
  }

  /// Token by token, with packed weights or without room for them, it is the whole text at once.
  @ParameterizedTest
  @ValueSource(longs = {0, 300_000, 1L << 30})
  void aSessionGivesTheBitsOfTheWholeText(long room) {
    Model model = in("Q4_K");
    float[][] whole = LogitRows.of(model, TOKENS, Arithmetic.INT8);
    Session.Settings settings = new Session.Settings(Arithmetic.INT8, CachePolicy.F32, 64, room);
    try (Workers workers = new LocalWorkers(2);
        Session session = new Session(model, settings, workers)) {
      for (int t = 0; t < TOKENS.length; t++) {
        assertThat(session.step(new int[] {0}, new int[] {TOKENS[t]})).isEqualTo(whole[t]);
      }
    }
  }

  @Test
  void theFastestIsWhatTheMachineHasInstructionsFor() {
    boolean has = InstructionSet.chosen() != InstructionSet.NONE;
    assertThat(Arithmetic.fastest(in("Q6_K"))).isEqualTo(has ? Arithmetic.INT8 : Arithmetic.LLAMA);
    assertThat(Arithmetic.fastest(MODEL)).isEqualTo(Arithmetic.LLAMA);
  }
}
