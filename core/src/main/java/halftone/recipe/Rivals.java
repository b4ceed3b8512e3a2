package halftone.recipe;

import halftone.evaluation.TokenScores;
import halftone.model.Model;
import halftone.numeric.WeightFormat;
import halftone.preset.TensorTypeRule;
import halftone.sensitivity.ImportanceError;
import halftone.sensitivity.Menu;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// What ours has to beat: presets and uniform files of the network as it was given, whatever
/// rewrite of it ours is made of.
///
/// @param shop of the network as it was given
/// @param runtime what is to run the file: a rival that it does not run is none
/// @param promise what is expected of a rival before it is made
record Rivals(
    Workshop shop,
    Rounding rounding,
    List<TensorTypeRule> pins,
    RuntimeProfile runtime,
    Promise promise) {
  /// Rivals that are built and measured: the largest that fit.
  private static final int MOST = 3;

  /// Those that promise more than so many times the least loss are left out.
  private static final double HOPELESS = 1.5;

  /// What files are expected to lose.
  interface Promise {
    Promise NONE = formats -> OptionalDouble.empty();

    /// Nothing where that is not known.
    OptionalDouble loss(Map<String, WeightFormat> formats);
  }

  /// A rival that was made and measured on the allocation text.
  ///
  /// @param predicted NaN where nothing was
  record Measured(String name, long bytes, double predicted, Model model, TokenScores scores) {}

  /// Of a network that is quantized as a rewrite, so that nobody has asked its importance yet.
  static Rivals of(Workshop original, Samples samples, Request request) {
    SequencedMap<String, Menu> menus = new LinkedHashMap<>();
    // A menu of one needs no scores worth the name.
    Menus.of(original.model(), Candidates.quantized(original.model()), List.of())
        .forEach(
            (name, menu) -> {
              WeightFormat largest = menu.options().getLast();
              menus.put(name, new Menu(menu.tensor(), List.of(largest)));
            });
    Effort plain = request.effort().withoutGptq();
    Scoring scoring = new Scoring(new ImportanceError(), null);
    Evidence evidence =
        Evidence.gather(original, menus, samples.calibration(), plain, scoring, null);
    Rounding rounding = new Rounding(original, samples.calibration(), evidence, plain);
    return new Rivals(original, rounding, request.pins(), request.profile(), Promise.NONE);
  }

  /// The largest of at most so many bytes.
  List<Measured> within(long bytes, Sizes sizes, Yardstick yardstick) {
    Sizes own = new Sizes(shop.model(), sizes.provenance(), sizes.alignment());
    List<Candidates.Rival> fitting =
        Candidates.all(shop.model(), pins).stream()
            .filter(rival -> runtime.obstacle(rival.formats()).isEmpty())
            .filter(rival -> own.file(rival.formats()) <= bytes)
            .sorted(
                Comparator.comparingLong((Candidates.Rival rival) -> -own.file(rival.formats())))
            .limit(MOST)
            .toList();
    fitting = hopeful(fitting, promise);
    shop.progress().step("presets", Math.max(1, fitting.size()));
    List<Measured> measured = new ArrayList<>();
    for (Candidates.Rival rival : fitting) {
      Model model = rounding.encoded(rival.formats());
      long size = own.file(rival.formats());
      measured.add(
          new Measured(rival.name(), size, promised(rival), model, yardstick.score(model)));
      shop.progress().done(1);
    }
    return measured;
  }

  /// Those that may be the best, and those of which nothing is known.
  static List<Candidates.Rival> hopeful(List<Candidates.Rival> rivals, Promise promise) {
    double least =
        rivals.stream()
            .map(rival -> promise.loss(rival.formats()))
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .min()
            .orElse(Double.POSITIVE_INFINITY);
    return rivals.stream()
        .filter(rival -> promise.loss(rival.formats()).orElse(least) <= HOPELESS * least)
        .toList();
  }

  private double promised(Candidates.Rival rival) {
    return promise.loss(rival.formats()).orElse(Double.NaN);
  }
}
