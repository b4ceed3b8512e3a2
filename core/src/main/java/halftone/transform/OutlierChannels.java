package halftone.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// Channels whose largest magnitude stands out, brought together at the beginning.
///
/// @param magnitudes of each channel, in multiples of the median
record OutlierChannels(float[] magnitudes) {
  /// From the largest magnitude that a text brought to each channel.
  static OutlierChannels of(float[] largest) {
    float[] sorted = largest.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    float median = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    float[] ratios = new float[largest.length];
    for (int c = 0; c < ratios.length; c++) {
      ratios[c] = largest[c] == 0 ? 0 : largest[c] / median;
    }
    return new OutlierChannels(ratios);
  }

  /// Of a value that several layers read, each with a scale of its own: the largest multiple that
  /// any of them saw.
  static OutlierChannels together(List<OutlierChannels> all) {
    float[] largest = new float[all.getFirst().magnitudes().length];
    for (OutlierChannels each : all) {
      for (int c = 0; c < largest.length; c++) {
        largest[c] = Math.max(largest[c], each.magnitudes()[c]);
      }
    }
    return new OutlierChannels(largest);
  }

  /// How many are above a multiple of the median.
  int count(double theta) {
    int count = 0;
    for (float magnitude : magnitudes) {
      count += magnitude > theta ? 1 : 0;
    }
    return count;
  }

  /// The `first` channels of largest magnitude, the largest first, then the others as they stood.
  int[] order(int first) {
    List<Integer> byMagnitude =
        new ArrayList<>(IntStream.range(0, magnitudes.length).boxed().toList());
    byMagnitude.sort(Comparator.comparingDouble(c -> -magnitudes[c]));
    List<Integer> order = new ArrayList<>(byMagnitude.subList(0, first));
    order.addAll(new TreeSet<>(byMagnitude.subList(first, magnitudes.length)));
    return order.stream().mapToInt(Integer::intValue).toArray();
  }

  /// The same channels in another order.
  OutlierChannels ordered(int[] order) {
    float[] ordered = new float[order.length];
    for (int i = 0; i < order.length; i++) {
      ordered[i] = magnitudes[order[i]];
    }
    return new OutlierChannels(ordered);
  }

  /// Places of the blocks with a channel above a multiple of the median.
  List<Integer> blocks(int size, double theta) {
    return IntStream.range(0, magnitudes.length / size)
        .filter(block -> largest(block, size) > theta)
        .boxed()
        .toList();
  }

  /// Places of the `count` blocks with the largest channels, ascending.
  List<Integer> largestBlocks(int size, int count) {
    return IntStream.range(0, magnitudes.length / size)
        .boxed()
        .sorted(Comparator.comparingDouble(block -> -largest(block, size)))
        .limit(count)
        .sorted()
        .toList();
  }

  private float largest(int block, int size) {
    float largest = 0;
    for (int c = block * size; c < (block + 1) * size; c++) {
      largest = Math.max(largest, magnitudes[c]);
    }
    return largest;
  }
}
