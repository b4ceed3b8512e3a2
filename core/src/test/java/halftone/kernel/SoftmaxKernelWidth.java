package halftone.kernel;

import jdk.incubator.vector.FloatVector;

/// Prints the vector width of this process and what the kernel gives with it.
final class SoftmaxKernelWidth {
  private SoftmaxKernelWidth() {}

  public static void main(String[] arguments) {
    System.out.println(
        FloatVector.SPECIES_PREFERRED.length() + " lanes " + fingerprint(SoftmaxKernel.fastest()));
  }

  /// Sums over rows of awkward length, digit for digit.
  static String fingerprint(SoftmaxKernel kernel) {
    StringBuilder digits = new StringBuilder();
    for (int size : new int[] {7, 16, 513, 1031}) {
      float[] p = SoftmaxKernelTest.row(size, 1);
      float[] q = SoftmaxKernelTest.row(size, 2);
      float max = kernel.max(p, 0, size);
      digits.append(kernel.sumExp(p, 0, size, max)).append(' ');
      digits.append(kernel.divergence(p, 0, max, q, 0, size, -6f)).append(' ');
    }
    return digits.toString().strip();
  }
}
