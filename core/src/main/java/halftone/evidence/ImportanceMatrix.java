package halftone.evidence;

import halftone.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// How strongly each input channel of each weight was driven by a text: sums of squared
/// activations, as `llama-imatrix` gathers them.
///
/// @param entries by weight name, in file order
/// @param datasets names of the texts
/// @param chunks how many chunks of text were read
/// @param chunkSize tokens a chunk
public record ImportanceMatrix(
    SequencedMap<String, Entry> entries, List<String> datasets, int chunks, int chunkSize) {
  public ImportanceMatrix {
    entries = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
    datasets = List.copyOf(datasets);
    if (chunks < 0 || chunkSize < 1) {
      throw new IllegalArgumentException(chunks + " chunks of " + chunkSize + " tokens");
    }
  }

  /// One weight: of `counts.length` matrices (experts, or one), each with as many columns.
  ///
  /// @param sums Σ over tokens of x², matrix after matrix
  /// @param counts tokens each matrix has seen
  public record Entry(float[] sums, float[] counts) {
    public Entry {
      if (counts.length == 0 || sums.length == 0 || sums.length % counts.length != 0) {
        throw new IllegalArgumentException(
            sums.length + " sums are not whole rows of " + counts.length + " matrices");
      }
      requireNonNegative("sum", sums);
      requireNonNegative("count", counts);
    }

    /// Input channels of one matrix.
    public int columns() {
      return sums.length / counts.length;
    }

    /// Mean x² a channel, matrix after matrix; 1 in matrices that saw no token.
    public float[] importance() {
      float[] importance = new float[sums.length];
      for (int i = 0; i < sums.length; i++) {
        float count = counts[i / columns()];
        importance[i] = count == 0 ? 1 : sums[i] / count;
      }
      return importance;
    }

    private Entry plus(String weight, Entry other) {
      if (sums.length != other.sums.length || counts.length != other.counts.length) {
        throw new IllegalArgumentException(
            "importance of %s: %d values for %d matrices, and %d for %d, cannot be merged"
                .formatted(
                    weight, sums.length, counts.length, other.sums.length, other.counts.length));
      }
      return new Entry(sum(sums, other.sums), sum(counts, other.counts));
    }

    private static float[] sum(float[] a, float[] b) {
      float[] sum = a.clone();
      for (int i = 0; i < sum.length; i++) {
        sum[i] += b[i];
      }
      return sum;
    }

    private static void requireNonNegative(String what, float[] values) {
      for (int i = 0; i < values.length; i++) {
        if (!(values[i] >= 0 && values[i] < Float.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException("%s %d is %s".formatted(what, i, values[i]));
        }
      }
    }
  }

  /// Importance of a weight's input channels, or null when it was not measured.
  public float @Nullable [] importance(String weight) {
    Entry entry = entries.get(weight);
    return entry == null ? null : entry.importance();
  }

  /// The same, checked against the weight's shape {columns, rows} or {columns, rows, experts}: one
  /// value a column and expert.
  ///
  /// @throws IllegalArgumentException naming the weight, when the lengths differ
  public float @Nullable [] importance(String weight, Shape shape) {
    float[] importance = importance(weight);
    long wanted = shape.extents().stream().skip(2).reduce((long) shape.columns(), (a, b) -> a * b);
    if (importance != null && importance.length != wanted) {
      throw new IllegalArgumentException(
          "importance of %s has %d values for %d input channels (shape %s): it is of another model"
              .formatted(weight, importance.length, wanted, shape));
    }
    return importance;
  }

  /// What one run over both texts would have gathered. The chunk size stays this one's.
  ///
  /// @throws IllegalArgumentException naming the weight, when both measured it with different
  ///   lengths
  public ImportanceMatrix merge(ImportanceMatrix other) {
    LinkedHashMap<String, Entry> merged = new LinkedHashMap<>(entries);
    other.entries.forEach(
        (weight, entry) -> merged.merge(weight, entry, (mine, more) -> mine.plus(weight, more)));
    LinkedHashSet<String> texts = new LinkedHashSet<>(datasets);
    texts.addAll(other.datasets);
    int total = Math.addExact(chunks, other.chunks);
    return new ImportanceMatrix(merged, new ArrayList<>(texts), total, chunkSize);
  }
}
