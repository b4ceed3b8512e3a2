package halftone.quantizer;

import halftone.kernel.ErrorFeedback;
import halftone.parts.GroupCodes;
import halftone.workers.Workers;

/// GPTQ onto grids in groups (Frantar et al., arXiv 2210.17323, steps 3 and 7): the grid of a group
/// comes from its weights as the errors of all columns before have updated them, then its columns
/// are rounded one after the other. Widths may differ from group to group.
///
/// In act-order columns go by falling diagonal of the Gram matrix, and the grids of all groups are
/// settled beforehand from the original weights, so that the order leaves no trace in what is
/// stored.
final class GroupSweep {
  /// Settles the grid of the group of a row that begins at a column.
  interface GridChooser {
    RoundingGrid choose(GroupWeights weights, int row, int column, int bits);
  }

  private final WholeWeight weight;
  private final int group;
  private final byte[] widths;
  private final GridChooser chooser;
  private final byte[] codes;
  private final float[] scales;
  private final float[] zeros;

  private GroupSweep(WholeWeight weight, int group, byte[] widths, GridChooser chooser) {
    this.weight = weight;
    this.group = group;
    this.widths = widths;
    this.chooser = chooser;
    this.codes = new byte[weight.values().length];
    this.scales = new float[weight.rows() * widths.length];
    this.zeros = new float[weight.rows() * widths.length];
  }

  /// @param factor of the Gram matrix, columns in their own order
  static GroupSweep run(
      WholeWeight weight,
      int group,
      byte[] widths,
      LdlFactor factor,
      GridChooser chooser,
      Workers workers) {
    GroupSweep sweep = new GroupSweep(weight, group, widths, chooser);
    sweep.panels(workers, (panel, first, rows) -> sweep.inOrder(panel, first, rows, factor));
    return sweep;
  }

  /// @param factor of the Gram matrix with rows and columns in this order
  /// @param order which column comes when
  static GroupSweep run(
      WholeWeight weight,
      int group,
      byte[] widths,
      LdlFactor factor,
      int[] order,
      GridChooser chooser,
      Workers workers) {
    GroupSweep sweep = new GroupSweep(weight, group, widths, chooser);
    sweep.panels(workers, (panel, first, rows) -> sweep.byOrder(panel, first, rows, factor, order));
    return sweep;
  }

  /// Every weight to the nearest code of its group's grid.
  static GroupSweep nearest(
      WholeWeight weight, int group, byte[] widths, GridChooser chooser, Workers workers) {
    GroupSweep sweep = new GroupSweep(weight, group, widths, chooser);
    workers.forEach(weight.rows(), sweep::nearest);
    return sweep;
  }

  private void nearest(int row) {
    for (int g = 0; g < widths.length; g++) {
      int from = g * group;
      int count = Math.min(group, weight.columns() - from);
      int at = row * weight.columns() + from;
      GroupWeights w = new GroupWeights(weight.values(), at, 1, count);
      RoundingGrid grid = chooser.choose(w, row, from, widths[g]);
      keep(grid, row, g);
      for (int j = 0; j < count; j++) {
        codes[at + j] = (byte) grid.code(w.get(j));
      }
    }
  }

  /// The codes, one a byte, row-major.
  byte[] codes() {
    return codes;
  }

  /// Codes with the grids' scales and zero points.
  GroupCodes packed() {
    return GroupCodes.of(weight.rows(), weight.columns(), group, widths, codes, scales, zeros);
  }

  private interface Panel {
    /// @param values column-major, [ErrorFeedback#ROWS] rows side by side
    void round(float[] values, int first, int rows);
  }

  private void panels(Workers workers, Panel panel) {
    workers.forEach(
        Math.ceilDiv(weight.rows(), ErrorFeedback.ROWS),
        p -> {
          int first = p * ErrorFeedback.ROWS;
          int rows = Math.min(ErrorFeedback.ROWS, weight.rows() - first);
          float[] values = new float[weight.columns() * ErrorFeedback.ROWS];
          for (int r = 0; r < rows; r++) {
            for (int j = 0; j < weight.columns(); j++) {
              values[j * ErrorFeedback.ROWS + r] =
                  weight.values()[(first + r) * weight.columns() + j];
            }
          }
          panel.round(values, first, rows);
        });
  }

  private void inOrder(float[] original, int first, int rows, LdlFactor factor) {
    int columns = weight.columns();
    float[] targets = original.clone();
    float[] errors = new float[original.length];
    RoundingGrid[] grids = new RoundingGrid[rows];
    for (int g = 0; g < widths.length; g++) {
      int from = g * group;
      int to = Math.min(columns, from + group);
      ErrorFeedback.add(errors, targets, factor.feedback(), columns, 0, from, from, to);
      for (int r = 0; r < rows; r++) {
        grids[r] = chooser.choose(group(targets, from, to, r), first + r, from, widths[g]);
        keep(grids[r], first + r, g);
      }
      for (int column = from; column < to; column++) {
        round(original, targets, errors, grids, first, column, column);
        ErrorFeedback.add(
            errors, targets, factor.feedback(), columns, column, column + 1, column + 1, to);
      }
    }
  }

  private void byOrder(float[] original, int first, int rows, LdlFactor factor, int[] order) {
    int columns = weight.columns();
    RoundingGrid[][] grids = new RoundingGrid[widths.length][rows];
    for (int g = 0; g < widths.length; g++) {
      int from = g * group;
      int to = Math.min(columns, from + group);
      for (int r = 0; r < rows; r++) {
        grids[g][r] = chooser.choose(group(original, from, to, r), first + r, from, widths[g]);
        keep(grids[g][r], first + r, g);
      }
    }
    float[] permuted = new float[original.length];
    for (int k = 0; k < columns; k++) {
      System.arraycopy(
          original,
          order[k] * ErrorFeedback.ROWS,
          permuted,
          k * ErrorFeedback.ROWS,
          ErrorFeedback.ROWS);
    }
    float[] targets = permuted.clone();
    float[] errors = new float[permuted.length];
    for (int k = 0; k < columns; k++) {
      ErrorFeedback.add(errors, targets, factor.feedback(), columns, 0, k, k, k + 1);
      round(permuted, targets, errors, grids[order[k] / group], first, k, order[k]);
    }
  }

  private static GroupWeights group(float[] values, int from, int to, int row) {
    return new GroupWeights(values, from * ErrorFeedback.ROWS + row, ErrorFeedback.ROWS, to - from);
  }

  private void keep(RoundingGrid grid, int row, int g) {
    scales[row * widths.length + g] = grid.scale();
    zeros[row * widths.length + g] = grid.zero();
  }

  /// Rounds the column that stands at place `k`.
  private void round(
      float[] original,
      float[] targets,
      float[] errors,
      RoundingGrid[] grids,
      int first,
      int k,
      int column) {
    int at = k * ErrorFeedback.ROWS;
    for (int r = 0; r < grids.length; r++) {
      int code = grids[r].code(targets[at + r]);
      codes[(first + r) * weight.columns() + column] = (byte) code;
      errors[at + r] = original[at + r] - grids[r].value(code);
    }
  }
}
