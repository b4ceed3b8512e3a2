package halftone.recipe;

import halftone.evaluation.TokenScores;
import halftone.model.Model;
import halftone.numeric.WeightFormat;
import halftone.store.Key;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Supplier;

/// Files of an [Arena], made and measured on the verification text; what is in the store is neither
/// made nor measured again.
final class ArenaFiles {
  /// The setting that holds what [Choice#ids] gives.
  static final String FORMATS = "formats";

  private final Workshop shop;
  private final String text;
  private final Yardstick onVerification;

  ArenaFiles(Workshop shop, Samples samples) {
    this.shop = shop;
    this.text = samples.verification().sha256();
    this.onVerification = new Yardstick(shop, samples.scoredVerification(), 1, 0);
  }

  /// A file to make and measure.
  ///
  /// @param settings what settles its bytes, besides the network and the calibration text
  record Work(String name, Ground ground, SequencedMap<String, String> settings) {
    /// Of a file in formats of GGUF.
    static Work of(
        String name,
        Ground ground,
        Rounding.Way way,
        SequencedMap<String, WeightFormat> formats,
        Evidence evidence) {
      SequencedMap<String, String> settings = new LinkedHashMap<>();
      settings.put("way", way.id());
      settings.put(FORMATS, Choice.ids(formats));
      settings.put("evidence", evidence.source());
      return new Work(name, ground, settings);
    }

    Key key(String kind, String text) {
      Key.Builder key = ground.keys(kind).with("text", text);
      settings.forEach(key::with);
      return key.key();
    }
  }

  /// Makes and measures a file, unless that is done.
  TokenScores scores(Work work, Supplier<Model> make) {
    Key key = work.key("arena scores", text);
    shop.progress().step(work.name(), 1);
    if (!shop.memo().has(key)) {
      long start = System.nanoTime();
      Model made = make.get();
      shop.memo().number(secondsKey(work), () -> (System.nanoTime() - start) / 1e9);
      shop.memo().put(key, StoredScores.numbers(onVerification.score(made)));
    }
    shop.progress().done(1);
    return StoredScores.of(shop.memo().numbers(key));
  }

  /// How long a file that is measured took to make.
  Duration took(Work work) {
    return Duration.ofNanos(Math.round(shop.memo().numbers(secondsKey(work))[0] * 1e9));
  }

  private Key secondsKey(Work work) {
    return work.key("arena seconds", text);
  }
}
