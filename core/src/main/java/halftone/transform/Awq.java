package halftone.transform;

import halftone.method.Card;
import halftone.method.Need;
import halftone.model.Model;
import halftone.model.Stage;
import halftone.runtime.Activations;
import halftone.runtime.Arithmetic;
import halftone.runtime.Engine;
import halftone.runtime.Tap;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// AWQ's scales (Lin et al., arXiv 2306.00978): the columns of a layer that see large activations
/// are scaled up before rounding, s_j = a_j^r with a_j the mean magnitude of the channel, r the
/// best of 0, 1/20 … 19/20 by the squared change of the output of the module that the layer stands
/// in, each r tried with real rounding on the original's inputs. r = 0 is no change, so the rewrite
/// never loses on that text.
///
/// Beyond the paper: values of attention are scaled where query heads share them too, with one
/// factor for all heads that do; channels that the text never moved keep 1 and stay out of the
/// normalization.
///
/// @param grid what is rounded to while trying
public record Awq(Grid grid) implements Transform {
  private static final int TRIALS = 20;
  private static final double SMALLEST = 1e-4;

  /// The paper's 4 bits in groups of 128.
  public Awq() {
    this(new Grid.MinMax(4, 128));
  }

  @Override
  public String spelled() {
    return "awq:grid=" + grid;
  }

  @Override
  public Card card() {
    return new Card(
        "awq", "AWQ's activation-aware scales", "arXiv 2306.00978", Set.of(Need.CALIBRATION_TEXT));
  }

  @Override
  public double[] measure(Model model, int[][] tokens, Workers workers) {
    if (ScaleSites.of(model).isEmpty()) {
      throw new IllegalArgumentException(
          "AWQ finds no value of this network whose channels can be scaled");
    }
    ChannelStatistics statistics = ChannelStatistics.gather(model, tokens, workers);
    Engine engine = new Engine(model, Arithmetic.EXACT, workers);
    List<Activations> streams = engine.embedInBatches(tokens);
    List<float[]> factors = new ArrayList<>();
    for (int index = 0; index < model.blocks().size(); index++) {
      Stage block = model.blocks().get(index);
      for (ScaleSite site : ScaleSites.of(model, index)) {
        float[] means = site.gathered(statistics.meanMagnitude(site.readers().getFirst()));
        SiteTrial trial = SiteTrial.of(model, block, site, streams, grid, workers);
        factors.add(best(trial, means));
      }
      streams.replaceAll(stream -> engine.run(block, stream, Tap.NONE));
    }
    return SiteFactors.joined(factors);
  }

  @Override
  public Model apply(Model model, double[] measured) {
    return SiteFactors.fold(model, ScaleSites.of(model), measured);
  }

  private static float[] best(SiteTrial trial, float[] means) {
    float[] best = factors(means, 0);
    double least = trial.loss(best);
    for (int k = 1; k < TRIALS; k++) {
      float[] factors = factors(means, (double) k / TRIALS);
      double loss = trial.loss(factors);
      if (loss < least) {
        least = loss;
        best = factors;
      }
    }
    return best;
  }

  /// a_j^r over the geometric mean of the extremes.
  static float[] factors(float[] means, double r) {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    double[] powers = new double[means.length];
    for (int j = 0; j < powers.length; j++) {
      powers[j] = Math.max(Math.pow(means[j], r), SMALLEST);
      if (means[j] > 0) {
        least = Math.min(least, powers[j]);
        most = Math.max(most, powers[j]);
      }
    }
    double middle = Math.sqrt(least * most);
    float[] factors = new float[powers.length];
    for (int j = 0; j < factors.length; j++) {
      factors[j] = means[j] > 0 ? (float) (powers[j] / middle) : 1;
    }
    return factors;
  }
}
