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

  @Test
  void ordersRandomMixesAcrossSizesAsTheirMeasuredLossDoes() throws IOException {
    String text = SharedFolder.file("data/text/wikitext-a.txt").toString();
    Texts texts =
        Texts.read(
            TextSource.parse(text + "@0-300000"),
            TextSource.parse(text + "@300000--150000"),
            TextSource.parse(text + "@-150000-"));
    Path model = SharedFolder.reference("smollm2-135m-aligned-f16.gguf");
    double[] predicted = new double[MIXES];
    double[] realised = new double[MIXES];
    try (GgufFile file = GgufReader.open(model);
        Workers workers = new LocalWorkers(2);
        ExperimentStore experiments = ExperimentStore.open(store, line -> {})) {
      Model network = ModelReader.read(file);
      Workshop shop =
          new Workshop(network, "reference", workers, new Memo(experiments), Progress.SILENT);
      Samples samples = Samples.of(texts, Tokenizers.of(file.keys()), Effort.FAST);
      SequencedMap<String, Menu> menus =
          Menus.of(network, Candidates.quantized(network), List.of());
      Evidence evidence = Evidence.gather(shop, menus, samples.calibration(), Effort.FAST, null);
      Yardstick yardstick =
          new Yardstick(shop, samples.scoredAllocation(), Effort.FAST.depths(), 100_000_000);
      LossTable table =
          LossTable.measure(
              shop, menus, evidence, yardstick, samples.allocation().sha256(), Effort.FAST);
      EncodedTensors encoded = new EncodedTensors(shop, evidence);
      for (int mix = 0; mix < MIXES; mix++) {
        SequencedMap<String, WeightFormat> formats = new LinkedHashMap<>();
        predicted[mix] = draw(menus, table, new Random(mix), mix, formats);
        realised[mix] = yardstick.score(encoded.apply(formats)).meanDivergence();
        System.out.printf(
            "mix %d: predicted %.4f realised %.4f%n", mix, predicted[mix], realised[mix]);
      }
    }
    double correlation = rankCorrelation(predicted, realised);
    System.out.printf("rank correlation %.3f%n", correlation);
    assertThat(correlation).isGreaterThanOrEqualTo(0.95);
  }

  /// A mix around one level of the menus: each tensor one option up or down of it, or at it.
  private static double draw(
      SequencedMap<String, Menu> menus,
      LossTable table,
      Random random,
      int mix,
      SequencedMap<String, WeightFormat> formats) {
    double loss = 0;
    for (Menu menu : menus.values()) {
      int last = menu.options().size() - 1;
      int level = 2 + mix * (last - 3) / MIXES;
      int option = Math.clamp(level + random.nextInt(3) - 1, 0, last);
      formats.put(menu.tensor().name(), menu.options().get(option));
      loss += Objects.requireNonNull(table.losses().get(menu.tensor().name()))[option];
    }
    return loss;
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
