package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.TinyLlama;
import halftone.quantizer.HalfQuadratic;
import halftone.sensitivity.Menu;
import halftone.store.ExperimentStore;
import halftone.text.Texts;
import halftone.tokenizer.Tokenizers;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartsSearchTest {
  private static final String DEAR = "blk.0.ffn_down.weight";

  @TempDir private Path folder;

  /// What a weight's error is worth decides who gets the bits.
  @Test
  void aWeightWhoseErrorsAreWorthMoreGetsMoreBits() throws IOException {
    Path file = new TinyLlama(64, 2, 4, 2, 128, false, 7).write(folder.resolve("tiny.gguf"));
    try (GgufFile gguf = GgufReader.open(file);
        Workers workers = new LocalWorkers(2);
        ExperimentStore store = ExperimentStore.open(folder.resolve("store"), line -> {})) {
      Model model = ModelReader.read(gguf);
      Workshop shop = new Workshop(model, "tiny", workers, new Memo(store), Progress.SILENT);
      Samples samples = Samples.of(Texts.builtIn(), Tokenizers.of(gguf.keys()), RoadTest.SMALL);
      SequencedMap<String, Menu> menus = Menus.of(model, Candidates.quantized(model), List.of());
      PartsSearch.Made plain = made(shop, samples, menus, null);
      PartsSearch.Made even = made(shop, samples, menus, worth(menus, 1000, 1000));
      assertThat(even.predicted()).isCloseTo(1000 * plain.predicted(), within(1e-6));
      assertThat(bytes(even)).isEqualTo(bytes(plain));
      PartsSearch.Made uneven = made(shop, samples, menus, worth(menus, 1, 1e6));
      assertThat(bytes(uneven)).isGreaterThan(bytes(plain));
    }
  }

  private static long bytes(PartsSearch.Made made) {
    return made.composites().get(DEAR).bytes();
  }

  private static PartsSearch.Made made(
      Workshop shop,
      Samples samples,
      SequencedMap<String, Menu> menus,
      @Nullable NatsPerScore scale) {
    Contestant.Parts hqq =
        new Contestant.Parts("hqq", new HalfQuadratic(), null, scale != null, null);
    return new PartsSearch(shop, hqq, samples, menus, scale).within(90_000);
  }

  private static NatsPerScore worth(SequencedMap<String, Menu> menus, double all, double dear) {
    Map<String, ByBits> factors = new HashMap<>();
    for (String name : menus.keySet()) {
      ByBits worth = new ByBits();
      worth.put(4, name.equals(DEAR) ? dear : all);
      factors.put(name, worth);
    }
    return new NatsPerScore(factors);
  }
}
