package halftone.allocation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The integer program of HAWQ-V3 for ResNet-18: 19 layers, 4 or 8 bits.
final class Hawq {
  private static final double[] TRACE = {
    .06857826, .03162379, .03298575, .01205663, .02222431, .00596336, .06931772, .00807129,
        .00372905,
    .00530698, .00209011, .00737569, .00210454, .00151197, .00158041, .00078146, .00451841,
        .00098745,
    .00072944
  };
  private static final double[] ERROR8 = {
    .0235, .0125, .0102, .0082, .0145, .0344, .0023, .0287, .0148, .0333, .0682, .0027, .0448,
    .0336, .0576, .1130, .0102, .0947, .0532
  };
  private static final double[] ERROR4 = {
    6.7430, 3.9691, 3.3281, 2.6796, 4.7277, 10.5966, .6827, 9.0942, 4.8857, 10.7599, 21.7546, .8603,
    14.5324, 10.9651, 18.7706, 36.4044, 3.1572, 29.6994, 17.4016
  };
  private static final long[] PARAMETERS = {
    36864, 36864, 36864, 36864, 73728, 147456, 8192, 147456, 147456, 294912, 589824, 32768, 589824,
    589824, 1179648, 2359296, 131072, 2359296, 2359296
  };
  private static final List<int[]> TIES =
      List.of(new int[] {4, 6}, new int[] {9, 11}, new int[] {14, 16});

  private Hawq() {}

  private static double[][] loss() {
    double[][] loss = new double[TRACE.length][];
    Arrays.setAll(loss, i -> new double[] {TRACE[i] * ERROR4[i], TRACE[i] * ERROR8[i]});
    return loss;
  }

  private static long macs(int layer) {
    return switch (layer) {
      case 4, 9, 14 -> 57_802_752;
      case 6, 11, 16 -> 6_422_528;
      default -> 115_605_504;
    };
  }

  /// Bits, with the limit at `part` of the way from all-4 to all-8.
  static Resource size(double part) {
    long[][] cost = new long[TRACE.length][];
    Arrays.setAll(cost, i -> new long[] {4 * PARAMETERS[i], 8 * PARAMETERS[i]});
    return between("bits", cost, part);
  }

  static Resource bops(double part) {
    long[][] cost = new long[TRACE.length][];
    Arrays.setAll(cost, i -> new long[] {16 * macs(i), 64 * macs(i)});
    return between("BOPs", cost, part);
  }

  private static Resource between(String name, long[][] cost, double part) {
    long low = Arrays.stream(cost).mapToLong(row -> row[0]).sum();
    long high = Arrays.stream(cost).mapToLong(row -> row[1]).sum();
    return new Resource(name, cost, low + (long) (part * (high - low)));
  }

  static Problem problem(Resource... resources) {
    return new Problem(new Additive(loss()), new ArrayList<>(List.of(resources)), TIES);
  }

  static String bits(int[] choice) {
    StringBuilder bits = new StringBuilder();
    for (int option : choice) {
      bits.append(option == 0 ? '4' : '8');
    }
    return bits.toString();
  }
}
