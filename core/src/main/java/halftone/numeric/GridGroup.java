package halftone.numeric;

/// The reference encoder's search for the entries and the scale of one group of 16 or 32
/// magnitudes.
///
/// Trial scales round the magnitudes to the lattice; points off the grid move to the neighbour of
/// least weighted error; the trial that explains most of the group's weighted energy wins and its
/// scale is refitted by least squares. All sums are binary32 in index order, as in ggml. Not safe
/// for concurrent use.
final class GridGroup {
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
  private final PositiveFit positiveFit;
  private final GridSearch search;

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
    this.positiveFit = new PositiveFit(shape.group());
    this.search =
        ScaleTrials.fastest()
            .grid(
                new GridSubject(
                    grid.lanes(), levels, magnitudes, weights, rootWeights, inverses, scales));
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
    int count = 2 * trials.reach() + 1;
    for (int k = 0; k < count; k++) {
      inverses[k] = (top + (k - trials.reach()) * trials.step()) / max;
      scales[k] = 1 / inverses[k];
    }
    search.run(count);
    float scale = max / top;
    float most = 0;
    int best = -1;
    for (int k = 0; k < count; k++) {
      float sumXq = search.xq(k);
      float sumQq = search.qq(k);
      if (sumQq > 0 && sumXq * sumXq > most * sumQq) {
        scale = sumXq / sumQq;
        most = scale * sumXq;
        best = k;
      }
    }
    if (best < 0) {
      bestOffGrid = trials.refit() == GridTrials.Refit.OFF_GRID ? 0 : -1;
      java.util.Arrays.fill(entries, (short) 0);
    } else {
      bestOffGrid = 0;
      for (int e = 0; e < entries.length; e++) {
        bestOffGrid |= (grid.isEntry()[search.point(e, best)] ? 0 : 1) << e;
        entries[e] = chosen(e, best);
      }
    }
    return scale;
  }

  private short chosen(int e, int trial) {
    return grid.neighbours()[grid.starts()[search.point(e, trial)] + search.place(e, trial)];
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
    inverses[0] = 1 / scale;
    scales[0] = scale;
    search.run(1);
    for (int e = 0; e < entries.length; e++) {
      entries[e] = (which >> e & 1) != 0 ? chosen(e, 0) : entries[e];
    }
    correlate(entries);
    return xq > 0 ? xq / qq : scale;
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
    return Float.floatToRawIntBits(value + Bits.MAGIC) - Float.floatToRawIntBits(Bits.MAGIC);
  }
}
