package halftone.recipe;

import halftone.evaluation.TokenScores;
import halftone.model.Model;
import halftone.numeric.WeightFormat;
import halftone.runtime.Arithmetic;
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
  private final Arithmetic arithmetic;
  private final String text;
  private final Yardstick onVerification;

  /// @param arithmetic how files are run
  ArenaFiles(Workshop shop, Samples samples, Arithmetic arithmetic) {
    this.shop = shop;
    this.arithmetic = arithmetic;
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
      return builder(kind, text).key();
    }

    private Key.Builder builder(String kind, String text) {
      Key.Builder key = ground.keys(kind).with("text", text);
      settings.forEach(key::with);
      return key;
    }
  }

  /// Makes and measures a file, unless that is done.
  TokenScores scores(Work work, Supplier<Model> make) {
    Key key = key(work, "arena scores", text);
    shop.progress().step(work.name(), 1);
    if (!shop.memo().has(key)) {
      long start = System.nanoTime();
      Model made = make.get();
      shop.memo().number(secondsKey(work), () -> (System.nanoTime() - start) / 1e9);
      shop.memo().put(key, StoredScores.numbers(onVerification.score(made, arithmetic)));
    }
    shop.progress().done(1);
    return StoredScores.of(shop.memo().numbers(key));
  }

  /// What a file of GGUF's formats loses on the allocation text.
  double onAllocation(Work work, String allocation, Supplier<Model> make) {
    return shop.memo()
        .number(
            key(work, "arena allocation", allocation),
            () -> work.ground().onAllocation().score(make.get(), arithmetic).meanDivergence());
  }

  /// Numbers that depend on how a file is run.
  private Key key(Work work, String kind, String text) {
    Key.Builder key = work.builder(kind, text);
    return (arithmetic == Arithmetic.EXACT ? key : key.with("as", arithmetic.id())).key();
  }

  /// How long a file that is measured took to make.
  Duration took(Work work) {
    return Duration.ofNanos(Math.round(shop.memo().numbers(secondsKey(work))[0] * 1e9));
  }

  private Key secondsKey(Work work) {
    return work.key("arena seconds", text);
  }
}
