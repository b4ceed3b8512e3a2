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
  private final float[] inverses;
  private final float[] scales;
  private final float[] pointNumbers;
  private final int[] points;
  private final int[] places;
  private final float[] odds;
  private final float[] sumsXq;
  private final float[] sumsQq;
  private final int[] offGrids;

  /// First position of the entry that each trial chose, for each of the group's entries.
  private final int[][] trialEntries;

  private final PositiveFit positiveFit;
  private final NeighbourSearch neighbours;

  /// Bit e is set where entry e of the best trial was off the grid.
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
    int count = 2 * trials.reach() + 1;
    this.inverses = new float[count];
    this.scales = new float[count];
    this.pointNumbers = new float[count];
    this.points = new int[count];
    this.places = new int[count];
    this.odds = new float[count];
    this.sumsXq = new float[count];
    this.sumsQq = new float[count];
    this.offGrids = new int[count];
    this.trialEntries = new int[entries.length][count];
    this.positiveFit = new PositiveFit(shape.group());
    this.neighbours =
        ScaleTrials.fastest().neighbours(grid.lanes(), magnitudes, rootWeights, scales);
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

  /// All trials side by side: what each does to a weight is a loop over trials, which the compiler
  /// turns into vector instructions.
  private float bestTrial(float max) {
    int top = 2 * levels - 1;
    int count = 2 * trials.reach() + 1;
    for (int k = 0; k < count; k++) {
      inverses[k] = (top + (k - trials.reach()) * trials.step()) / max;
      scales[k] = 1 / inverses[k];
    }
    java.util.Arrays.fill(sumsXq, 0);
    java.util.Arrays.fill(sumsQq, 0);
    java.util.Arrays.fill(offGrids, 0);
    for (int e = 0; e < entries.length; e++) {
      chooseInAll(e, count);
    }
    float scale = max / top;
    float most = 0;
    int best = -1;
    for (int k = 0; k < count; k++) {
      if (sumsQq[k] > 0 && sumsXq[k] * sumsXq[k] > most * sumsQq[k]) {
        scale = sumsXq[k] / sumsQq[k];
        most = scale * sumsXq[k];
        best = k;
      }
    }
    if (best < 0) {
      bestOffGrid = trials.refit() == GridTrials.Refit.OFF_GRID ? 0 : -1;
      java.util.Arrays.fill(entries, (short) 0);
    } else {
      bestOffGrid = offGrids[best];
      for (int e = 0; e < entries.length; e++) {
        entries[e] = (short) (trialEntries[e][best] / arity);
      }
    }
    return scale;
  }

  /// Chooses entry `e` in every trial, and adds to the trials' sums.
  private void chooseInAll(int e, int count) {
    int[] own = trialEntries[e];
    latticePoints(e * arity, count);
    neighbours.choose(points, count, e * arity, places);
    for (int k = 0; k < count; k++) {
      int point = points[k];
      own[k] = grid.neighbours()[grid.starts()[point] + places[k]] * arity;
      offGrids[k] |= (grid.isEntry()[point] ? 0 : 1) << e;
    }
    for (int j = 0; j < arity; j++) {
      for (int k = 0; k < count; k++) {
        odds[k] = grid.odd()[own[k] + j];
      }
      int i = e * arity + j;
      add(count, weights[i], weights[i] * magnitudes[i], odds, sumsXq, sumsQq);
    }
  }

  private static void add(int count, float w, float wm, float[] q, float[] xq, float[] qq) {
    for (int k = 0; k < count; k++) {
      xq[k] += wm * q[k];
      qq[k] += w * q[k] * q[k];
    }
  }

  private void latticePoints(int from, int count) {
    java.util.Arrays.fill(pointNumbers, 0);
    for (int i = from + arity - 1; i >= from; i--) {
      addLevel(count, magnitudes[i], levels, inverses, pointNumbers);
    }
    for (int k = 0; k < count; k++) {
      points[k] = (int) pointNumbers[k];
    }
  }

  /// Numbers of lattice points stay small enough to be exact.
  private static void addLevel(
      int count, float magnitude, float levels, float[] inverse, float[] point) {
    for (int k = 0; k < count; k++) {
      float level = (0.5f * (inverse[k] * magnitude - 1) + ROUNDER) - ROUNDER;
      point[k] = point[k] * levels + Math.min(Math.max(level, 0), levels - 1);
    }
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
    scales[0] = scale;
    for (int e = 0; e < chosen.length; e++) {
      if ((which >> e & 1) != 0) {
        points[0] = latticePoint(inverse, e * arity);
        neighbours.choose(points, 1, e * arity, places);
        chosen[e] = grid.neighbours()[grid.starts()[points[0]] + places[0]];
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
