package halftone.numeric;

/// The reference encoder's search for the entries and the scale of one group of 16 or 32
/// magnitudes.
///
/// Trial scales round the magnitudes to the lattice; points off the grid move to the neighbour of
/// least weighted error; the trial that explains most of the group's weighted energy wins and its
/// scale is refitted by least squares. All sums are binary32 in index order, as in ggml. Not safe
/// for concurrent use.
final class GridGroup {
  /// Added to a small float, it rounds it to an integer, ties to even, in the low bits.
  private static final float ROUNDER = 0x1.8p23f;

  /// Entries have four or eight positions.
  private static final int FOUR = 4;

  /// The group's magnitudes, to be set before [#fit]. A negative one had its sign flipped for
  /// parity.
  final float[] magnitudes;

  /// The error weights, to be set before [#fit].
  final float[] weights;

  /// The entries that [#fit] chose.
  final short[] entries;

  private final GridNeighbours grid;
  private final GridTrials trials;
  private final int arity;
  private final int levels;
  private final float[] rootWeights;
  private final short[] trial;
  private final PositiveFit positiveFit;

  /// Bit e is set where entry e of the last choice, or of the best trial, was off the grid.
  private int offGrid;

  private int bestOffGrid;

  /// Σ weight·magnitude·q and Σ weight·q² of the last [#correlate].
  private float xq;

  private float qq;

  GridGroup(GridShape shape, GridTrials trials, GridNeighbours grid) {
    this.grid = grid;
    this.trials = trials;
    this.arity = shape.codebook().arity();
    this.levels = shape.codebook().magnitudes().size();
    this.magnitudes = new float[shape.group()];
    this.weights = new float[shape.group()];
    this.rootWeights = new float[shape.group()];
    this.entries = new short[shape.group() / arity];
    this.trial = new short[entries.length];
    this.positiveFit = new PositiveFit(shape.group());
  }

  /// Chooses the entries and returns the scale of the odd numbers: 0 for a group stored as zero,
  /// negative where all signs should turn.
  float fit() {
    float max = largest();
    if (max == 0) {
      java.util.Arrays.fill(entries, (short) 0);
      return 0;
    }
    for (int i = 0; i < weights.length; i++) {
      rootWeights[i] = (float) Math.sqrt(weights[i]);
    }
    float scale = bestTrial(max);
    return scale > 0 ? refit(scale) : scale;
  }

  private float largest() {
    float max = magnitudes[0];
    for (float magnitude : magnitudes) {
      max = Math.max(max, magnitude);
    }
    if (max < trials.negligible() || max <= 0) {
      return 0;
    }
    return switch (trials.largest()) {
      case MEASURED -> max;
      case FITTED -> Math.max(0, positiveFit.scale(magnitudes, weights, levels + 1) * levels);
    };
  }

  private float bestTrial(float max) {
    int top = 2 * levels - 1;
    float scale = max / top;
    float most = 0;
    bestOffGrid = trials.refit() == GridTrials.Refit.OFF_GRID ? 0 : -1;
    java.util.Arrays.fill(entries, (short) 0);
    for (int k = -trials.reach(); k <= trials.reach(); k++) {
      float inverse = (top + k * trials.step()) / max;
      choose(inverse, 1 / inverse, trial, -1);
      correlate(trial);
      if (qq > 0 && xq * xq > most * qq) {
        scale = xq / qq;
        most = scale * xq;
        bestOffGrid = offGrid;
        System.arraycopy(trial, 0, entries, 0, entries.length);
      }
    }
    return scale;
  }

  /// Chooses entries once more under the best trial's scale. A group no trial explains (all its
  /// weights are 0) gets all its entries here, or keeps entry 0, as ggml's encoder of the type
  /// does.
  private float refit(float scale) {
    int which =
        switch (trials.refit()) {
          case OFF_GRID -> bestOffGrid;
          case ALL_IF_OFF_GRID -> bestOffGrid == 0 ? 0 : -1;
          case ALL -> -1;
        };
    if (which == 0) {
      return scale;
    }
    choose(1 / scale, scale, entries, which);
    correlate(entries);
    return xq > 0 ? xq / qq : scale;
  }

  /// Rounds the magnitudes of the entries in the bit set `which` to the grid under a scale.
  private void choose(float inverse, float scale, short[] chosen, int which) {
    offGrid = 0;
    for (int e = 0; e < chosen.length; e++) {
      if ((which >> e & 1) != 0) {
        int point = latticePoint(inverse, e * arity);
        if (grid.isEntry()[point]) {
          chosen[e] = grid.neighbours()[grid.starts()[point]];
        } else {
          offGrid |= 1 << e;
          chosen[e] = bestNeighbour(point, scale, e * arity);
        }
      }
    }
  }

  private int latticePoint(float inverse, int from) {
    int point = 0;
    for (int i = from + arity - 1; i >= from; i--) {
      int level = round(0.5f * (inverse * magnitudes[i] - 1));
      point = point * levels + Math.clamp(level, 0, levels - 1);
    }
    return point;
  }

  private short bestNeighbour(int point, float scale, int from) {
    float[] odd = grid.odd();
    short[] neighbours = grid.neighbours();
    int end = grid.starts()[point + 1];
    short best = neighbours[grid.starts()[point]];
    float least = Float.POSITIVE_INFINITY;
    for (int n = grid.starts()[point]; n < end; n++) {
      int entry = neighbours[n] * arity;
      float error = addFour(0, odd, entry, scale, from);
      // Errors only grow: most neighbours of eight are out after four.
      if (error < least && arity == 2 * FOUR) {
        error = addFour(error, odd, entry + FOUR, scale, from + FOUR);
      }
      if (error < least) {
        least = error;
        best = neighbours[n];
      }
    }
    return best;
  }

  private float addFour(float before, float[] odd, int entry, float scale, int from) {
    float[] m = magnitudes;
    float[] w = rootWeights;
    float d0 = scale * odd[entry] - m[from];
    float d1 = scale * odd[entry + 1] - m[from + 1];
    float d2 = scale * odd[entry + 2] - m[from + 2];
    float d3 = scale * odd[entry + 3] - m[from + 3];
    float error = before + w[from] * d0 * d0;
    error += w[from + 1] * d1 * d1;
    error += w[from + 2] * d2 * d2;
    return error + w[from + 3] * d3 * d3;
  }

  private void correlate(short[] chosen) {
    float sumXq = 0;
    float sumQq = 0;
    for (int e = 0; e < chosen.length; e++) {
      for (int j = 0; j < arity; j++) {
        float q = grid.odd()[chosen[e] * arity + j];
        int i = e * arity + j;
        sumXq += weights[i] * magnitudes[i] * q;
        sumQq += weights[i] * q * q;
      }
    }
    xq = sumXq;
    qq = sumQq;
  }

  /// The nearest integer of a small number, ties to even.
  static int round(float value) {
    return Float.floatToRawIntBits(value + ROUNDER) - Float.floatToRawIntBits(ROUNDER);
  }
}
