package halftone.quantizer;

import halftone.method.Card;
import halftone.parts.Composite;
import halftone.parts.GroupCodes;
import halftone.tensor.Weight;
import halftone.workers.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// HQQ (Badri and Shaji, 2023): the zero point of every group, a real number, by half-quadratic
/// splitting of Σ |w − ŵ|^p with p < 1, which tolerates the error of outliers; scales stay those of
/// the extreme weights. Needs no text.
///
/// The loop stops when the mean error over the whole weight does not improve; the best zero points
/// are kept. Groups lie along rows; a last group may be shorter.
///
/// @param group columns that share a scale and a zero point
/// @param p exponent of the error
/// @param beta first weight of the splitting's penalty, 1 % more each round
/// @param rounds at most
public record HalfQuadratic(int group, double p, double beta, int rounds)
    implements PartsQuantizer {
  private static final double GROWTH = 1.01;
  private static final double LARGEST_INVERSE = 2e4;
  private static final double NARROW = 1e-4;

  public HalfQuadratic() {
    this(64, 0.7, 10, 20);
  }

  @Override
  public Card card() {
    return new Card("hqq", "half-quadratic quantization", "Badri and Shaji 2023", Set.of());
  }

  @Override
  public List<Integer> widths() {
    return List.of(1, 2, 3, 4, 5, 6, 8);
  }

  @Override
  public Composite quantize(
      String name, Weight weight, int bits, LayerKnowledge known, Workers workers) {
    WholeWeight whole = WholeWeight.of(weight);
    Search search = new Search(whole, bits);
    search.run(workers);
    return Composite.of(weight.shape(), search.codes());
  }

  /// All groups of a weight; group g of a row covers columns g · group ….
  private final class Search {
    private final WholeWeight weight;
    private final int groups;
    private final byte[] widths;
    private final int levels;
    private final float[] inverse;
    private final float[] zeros;
    private final double[] errors;

    Search(WholeWeight weight, int bits) {
      this.weight = weight;
      this.groups = Math.ceilDiv(weight.columns(), group);
      this.widths = new byte[groups];
      Arrays.fill(widths, (byte) bits);
      this.levels = (1 << bits) - 1;
      this.inverse = new float[weight.rows() * groups];
      this.zeros = new float[inverse.length];
      this.errors = new double[weight.rows()];
    }

    void run(Workers workers) {
      workers.forEach(weight.rows(), this::start);
      float[] best = zeros.clone();
      double least = error(workers);
      double penalty = beta;
      for (int round = 0; round < rounds; round++) {
        double current = penalty;
        workers.forEach(weight.rows(), row -> move(row, current));
        double error = error(workers);
        if (error >= least) {
          break;
        }
        least = error;
        System.arraycopy(zeros, 0, best, 0, best.length);
        penalty *= GROWTH;
      }
      System.arraycopy(best, 0, zeros, 0, best.length);
    }

    private void start(int row) {
      for (int g = 0; g < groups; g++) {
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (int k = at(row, g); k < end(row, g); k++) {
          least = Math.min(least, weight.values()[k]);
          most = Math.max(most, weight.values()[k]);
        }
        double width = most - least;
        int index = row * groups + g;
        // A group of one value is stored exactly: code 0, scale 1.
        inverse[index] =
            width <= NARROW ? 1 : stored((float) Math.min(levels / width, LARGEST_INVERSE));
        zeros[index] = -least * inverse[index];
      }
    }

    /// The inverse of the scale that binary16 holds.
    private static float stored(float inverse) {
      return 1 / Float.float16ToFloat(Float.floatToFloat16(1 / inverse));
    }

    private int at(int row, int g) {
      return row * weight.columns() + g * group;
    }

    private int end(int row, int g) {
      return row * weight.columns() + Math.min(weight.columns(), (g + 1) * group);
    }

    private void move(int row, double penalty) {
      for (int g = 0; g < groups; g++) {
        int index = row * groups + g;
        double sum = 0;
        for (int k = at(row, g); k < end(row, g); k++) {
          float w = weight.values()[k];
          double code = code(w, index);
          double error = w - (code - zeros[index]) / inverse[index];
          sum += code - (w - shrunk(error, penalty)) * inverse[index];
        }
        zeros[index] = (float) (sum / (end(row, g) - at(row, g)));
      }
    }

    /// The proximal step of |e|^p.
    private double shrunk(double error, double penalty) {
      double magnitude = Math.abs(error);
      if (magnitude == 0) {
        return 0;
      }
      double left = magnitude - Math.pow(magnitude, p - 1) / penalty;
      return left <= 0 ? 0 : Math.copySign(left, error);
    }

    private double code(float w, int index) {
      return Math.clamp(Math.rint(w * inverse[index] + zeros[index]), 0, levels);
    }

    /// Mean |w − ŵ|.
    private double error(Workers workers) {
      workers.forEach(
          weight.rows(),
          row -> {
            double sum = 0;
            for (int g = 0; g < groups; g++) {
              int index = row * groups + g;
              for (int k = at(row, g); k < end(row, g); k++) {
                float w = weight.values()[k];
                sum += Math.abs(w - (code(w, index) - zeros[index]) / inverse[index]);
              }
            }
            errors[row] = sum;
          });
      return Arrays.stream(errors).sum() / weight.values().length;
    }

    /// Codes from the zero points as they are stored.
    GroupCodes codes() {
      byte[] codes = new byte[weight.values().length];
      float[] scales = new float[inverse.length];
      for (int i = 0; i < inverse.length; i++) {
        scales[i] = 1 / inverse[i];
        zeros[i] = Float.float16ToFloat(Float.floatToFloat16(zeros[i]));
      }
      for (int row = 0; row < weight.rows(); row++) {
        for (int g = 0; g < groups; g++) {
          for (int k = at(row, g); k < end(row, g); k++) {
            codes[k] = (byte) code(weight.values()[k], row * groups + g);
          }
        }
      }
      return GroupCodes.of(weight.rows(), weight.columns(), group, widths, codes, scales, zeros);
    }
  }
}
