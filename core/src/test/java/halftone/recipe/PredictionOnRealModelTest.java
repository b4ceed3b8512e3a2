package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.SharedFolder;
import halftone.numeric.WeightFormat;
import halftone.sensitivity.Menu;
import halftone.store.ExperimentStore;
import halftone.text.TextSource;
import halftone.text.Texts;
import halftone.tokenizer.Tokenizers;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whether the loss table orders random mixes as their measured loss does.
@Tag("slow")
class PredictionOnRealModelTest {
  private static final int MIXES = 20;

  @TempDir private Path store;

  /// A size in the middle of what the presets reach, and how near to it mixes of one size are.
  private static final long ONE_SIZE = 107_000_000;

  private static final double NEAR = 0.005;

  @Test
  void ordersRandomMixesAsTheirMeasuredLossDoes() throws IOException {
    String text = SharedFolder.file("data/text/wikitext-a.txt").toString();
    Texts texts =
        Texts.read(
            TextSource.parse(text + "@0-300000"),
            TextSource.parse(text + "@300000--150000"),
            TextSource.parse(text + "@-150000-"));
    Path model = SharedFolder.reference("smollm2-135m-aligned-f16.gguf");
    try (GgufFile file = GgufReader.open(model);
        Workers workers = new LocalWorkers(2);
        ExperimentStore experiments = ExperimentStore.open(store, line -> {})) {
      Model network = ModelReader.read(file);
      Workshop shop =
          new Workshop(network, "reference", workers, new Memo(experiments), Progress.SILENT);
      Samples samples = Samples.of(texts, Tokenizers.of(file.keys()), Effort.FAST);
      SequencedMap<String, Menu> menus =
          Menus.of(network, Candidates.quantized(network), List.of());
      Evidence evidence =
          Evidence.gather(
              shop, menus, samples.calibration(), Effort.FAST, Scoring.usual(Effort.FAST), null);
      Yardstick yardstick =
          new Yardstick(
              shop, samples.scoredAllocation(), Effort.FAST.depths(), Yardstick.KEPT_LOGITS);
      Rounding rounding = new Rounding(shop, samples.calibration(), evidence, Effort.FAST);
      LossTable table =
          LossTable.measure(shop, menus, evidence, rounding, samples, yardstick, Effort.FAST);
      Mixes mixes = new Mixes(menus, table, rounding, yardstick);
      double acrossSizes = mixes.correlation("sizes", mix -> mixes.around(mix, new Random(mix)));
      double atOneSize = mixes.correlation("one size", mix -> mixes.atOneSize(new Random(mix)));
      System.out.printf(
          "rank correlation: %.3f across sizes, %.3f at one size%n", acrossSizes, atOneSize);
      assertThat(acrossSizes).isGreaterThanOrEqualTo(0.95);
    }
  }

  private interface Draw {
    SequencedMap<String, WeightFormat> mix(int number);
  }

  private record Mixes(
      SequencedMap<String, Menu> menus, LossTable table, Rounding rounding, Yardstick yardstick) {
    double correlation(String name, Draw draw) {
      double[] predicted = new double[MIXES];
      double[] realised = new double[MIXES];
      for (int mix = 0; mix < MIXES; mix++) {
        SequencedMap<String, WeightFormat> formats = draw.mix(mix);
        predicted[mix] = predicted(formats);
        realised[mix] = yardstick.score(rounding.encoded(formats)).meanDivergence();
        System.out.printf(
            "%s, mix %d: predicted %.4f realised %.4f%n", name, mix, predicted[mix], realised[mix]);
      }
      return rankCorrelation(predicted, realised);
    }

    private double predicted(SequencedMap<String, WeightFormat> formats) {
      double loss = 0;
      for (Menu menu : menus.values()) {
        String name = menu.tensor().name();
        loss += losses(name)[menu.options().indexOf(formats.get(name))];
      }
      return loss;
    }

    private double[] losses(String name) {
      return Objects.requireNonNull(table.losses().get(name));
    }

    /// A mix around one level of the menus: each tensor one option up or down of it, or at it.
    SequencedMap<String, WeightFormat> around(int mix, Random random) {
      SequencedMap<String, WeightFormat> formats = new LinkedHashMap<>();
      for (Menu menu : menus.values()) {
        int last = menu.options().size() - 1;
        int level = 2 + mix * (last - 3) / MIXES;
        int option = Math.clamp(level + random.nextInt(3) - 1, 0, last);
        formats.put(menu.tensor().name(), menu.options().get(option));
      }
      return formats;
    }

    /// The best mix of one size if the losses were others: each tensor's multiplied by a random
    /// number around 1.
    SequencedMap<String, WeightFormat> atOneSize(Random random) {
      SequencedMap<String, double[]> disturbed = new LinkedHashMap<>();
      for (String name : menus.keySet()) {
        double factor = Math.exp(1.5 * random.nextGaussian());
        disturbed.put(name, Arrays.stream(losses(name)).map(loss -> factor * loss).toArray());
      }
      Choice choice =
          Choice.of(menus, Choice.problem(menus, new LossTable(disturbed), ONE_SIZE, 32));
      assertThat(choice.allocation().used()[0]).isBetween((long) (ONE_SIZE * (1 - NEAR)), ONE_SIZE);
      return choice.formats();
    }
  }

  /// Spearman's, of values without ties.
  private static double rankCorrelation(double[] a, double[] b) {
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = rank(a, i) - rank(b, i);
      squares += difference * difference;
    }
    double n = a.length;
    return 1 - 6 * squares / (n * (n * n - 1));
  }

  private static double rank(double[] values, int index) {
    return IntStream.range(0, values.length).filter(i -> values[i] < values[index]).count();
  }
}
