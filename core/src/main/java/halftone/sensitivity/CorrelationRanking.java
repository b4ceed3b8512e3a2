package halftone.sensitivity;

import halftone.method.Card;
import halftone.method.Need;
import halftone.model.Model;
import halftone.runtime.Activations;
import halftone.runtime.Arithmetic;
import halftone.runtime.Engine;
import halftone.runtime.Tap;
import halftone.sensitivity.CanonicalCorrelation.Basis;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// CMPQ: a block that changes the residual stream more needs more bits. The change is 1 − ρ̄, ρ̄
/// the mean canonical correlation of the stream before and behind the block. A sequence's first
/// token is left out, and values beyond the 99.99th percentile are cut: massive activations would
/// be all that is seen.
///
/// @param components principal components that are correlated, at most
/// @param energy share of the squares they have to hold, at the block where that takes most; the
///   number is the same for all blocks, since ρ̄ depends on it
/// @param global whether a block is compared with all others instead of the one before
public record CorrelationRanking(int components, double energy, boolean global)
    implements BlockRanking {
  /// Reconstructed from the paper.
  public static final CorrelationRanking STANDARD = new CorrelationRanking(64, 0.99, false);

  private static final int TOKENS = 4096;
  private static final double CUT = 0.9999;

  @Override
  public Card card() {
    return new Card(
        "cmpq",
        "blocks by canonical correlation",
        "arXiv 2412.03599",
        Set.of(Need.CALIBRATION_TEXT));
  }

  @Override
  public String spelled() {
    return card().id() + (global ? ":global=true" : "");
  }

  @Override
  public double[] scores(BlockProbe probe) {
    List<Basis> bases = bases(probe);
    int kept = bases.stream().mapToInt(basis -> basis.holding(energy)).max().orElseThrow();
    double[] scores = new double[bases.size() - 1];
    for (int block = 0; block < scores.length; block++) {
      scores[block] = 1 - (global ? others(bases, block + 1, kept) : mean(bases, block, kept));
    }
    return scores;
  }

  private static double mean(List<Basis> bases, int block, int kept) {
    return mean(bases.get(block), bases.get(block + 1), kept);
  }

  private static double mean(Basis a, Basis b, int kept) {
    return Arrays.stream(CanonicalCorrelation.between(a, b, kept)).average().orElse(0);
  }

  private static double others(List<Basis> bases, int own, int kept) {
    double sum = 0;
    for (int other = 0; other < bases.size(); other++) {
      sum += other == own ? 0 : mean(bases.get(own), bases.get(other), kept);
    }
    return sum / (bases.size() - 1);
  }

  /// Of the stream before the first block and behind each.
  private List<Basis> bases(BlockProbe probe) {
    Model model = probe.model();
    Engine engine = new Engine(model, Arithmetic.EXACT, probe.workers());
    List<Activations> streams = new ArrayList<>(engine.embedInBatches(probe.tokens()));
    List<Basis> bases = new ArrayList<>();
    bases.add(Sample.of(streams).basis(components, probe.workers()));
    for (var block : model.blocks()) {
      streams.replaceAll(stream -> engine.run(block, stream, Tap.NONE));
      bases.add(Sample.of(streams).basis(components, probe.workers()));
      probe.done();
    }
    return bases;
  }

  /// Tokens of a residual stream, evenly from all sequences, never a sequence's first.
  private record Sample(int tokens, int width, float[] values) {
    static Sample of(List<Activations> streams) {
      int all = streams.stream().mapToInt(s -> s.rows() - s.sequences()).sum();
      int step = Math.max(1, Math.ceilDiv(all, TOKENS));
      int width = streams.getFirst().width();
      float[] values = new float[Math.ceilDiv(all, step) * width];
      int seen = 0;
      int taken = 0;
      for (Activations stream : streams) {
        for (int row = 0; row < stream.rows(); row++) {
          if (row % stream.length() != 0 && seen++ % step == 0) {
            System.arraycopy(stream.values(), row * width, values, taken++ * width, width);
          }
        }
      }
      return new Sample(taken, width, cut(values));
    }

    private static float[] cut(float[] values) {
      float[] sizes = new float[values.length];
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = Math.abs(values[i]);
      }
      Arrays.sort(sizes);
      float most = sizes[(int) (CUT * (sizes.length - 1))];
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.clamp(values[i], -most, most);
      }
      return values;
    }

    Basis basis(int components, Workers workers) {
      return CanonicalCorrelation.basis(values, tokens, width, components, workers);
    }
  }
}
