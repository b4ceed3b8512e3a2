package halftone.sensitivity;

import halftone.quantizer.SymmetricEigen;
import halftone.workers.Workers;
import java.util.Random;

/// Canonical correlations of two values of the same tokens: how much of one is a linear function of
/// the other, direction by direction. In double precision, on the leading principal components
/// alone.
final class CanonicalCorrelation {
  /// Rounds of the power iteration that finds the components.
  private static final int ROUNDS = 30;

  private static final int OVERSAMPLING = 8;

  /// What of a row's squares may be left before it counts as a sum of the others.
  private static final double VANISHED = 1e-24;

  private CanonicalCorrelation() {}

  /// Unit vectors over tokens that span a value's leading principal components.
  ///
  /// @param vectors component after component, one number a token
  /// @param energies what each component has of the sum of squares, as a share, falling
  record Basis(int tokens, double[] vectors, double[] energies) {
    int components() {
      return energies.length;
    }

    /// How many components have this share of the squares together, all of them at most.
    int holding(double share) {
      double sum = 0;
      for (int i = 0; i < energies.length; i++) {
        sum += energies[i];
        if (sum >= share) {
          return i + 1;
        }
      }
      return energies.length;
    }
  }

  /// @param values tokens × width, row-major
  /// @param components at most so many
  /// @throws IllegalArgumentException for fewer tokens than two a component, on which anything
  ///   correlates, or for values that are the same on all tokens
  static Basis basis(float[] values, int tokens, int width, int components, Workers workers) {
    int wanted = Math.min(components, width);
    if (tokens < 2 * wanted) {
      throw new IllegalArgumentException(
          "%d tokens are too few to correlate %d components; at least %d are needed, a longer text"
              .formatted(tokens, wanted, 2 * wanted));
    }
    double[] centred = centred(values, tokens, width);
    double[] covariance = covariance(centred, tokens, width, workers);
    double total = 0;
    for (int j = 0; j < width; j++) {
      total += covariance[j * width + j];
    }
    if (total == 0) {
      throw new IllegalArgumentException("values that are the same on all tokens correlate not");
    }
    return project(centred, tokens, width, covariance, wanted, total);
  }

  private static double[] centred(float[] values, int tokens, int width) {
    double[] centred = new double[tokens * width];
    for (int j = 0; j < width; j++) {
      double mean = 0;
      for (int t = 0; t < tokens; t++) {
        mean += values[t * width + j];
      }
      mean /= tokens;
      for (int t = 0; t < tokens; t++) {
        centred[t * width + j] = values[t * width + j] - mean;
      }
    }
    return centred;
  }

  private static double[] covariance(double[] centred, int tokens, int width, Workers workers) {
    double[] sums = new double[width * width];
    workers.forEach(
        width,
        i -> {
          for (int t = 0; t < tokens; t++) {
            double x = centred[t * width + i];
            for (int j = 0; j < width; j++) {
              sums[i * width + j] += x * centred[t * width + j];
            }
          }
        });
    return sums;
  }

  /// By Rayleigh and Ritz in a block that power iteration has turned towards the largest
  /// eigenvalues; where the block is the whole space it is exact at once.
  private static Basis project(
      double[] centred, int tokens, int width, double[] covariance, int wanted, double total) {
    int block = Math.min(width, wanted + OVERSAMPLING);
    double[] directions = new double[block * width];
    Random random = new Random(0);
    for (int i = 0; i < directions.length; i++) {
      directions[i] = random.nextGaussian();
    }
    orthonormalize(directions, block, width);
    for (int round = 0; round < ROUNDS && block < width; round++) {
      directions = times(directions, block, covariance, width);
      orthonormalize(directions, block, width);
    }
    double[] images = times(directions, block, covariance, width);
    double[] small = new double[block * block];
    for (int i = 0; i < block; i++) {
      for (int j = 0; j < block; j++) {
        small[i * block + j] = dot(images, i * width, directions, j * width, width);
      }
    }
    SymmetricEigen eigen = SymmetricEigen.of(small, block);
    int rank = 0;
    while (rank < wanted && eigen.value(rank) > 1e-12 * total) {
      rank++;
    }
    double[] vectors = new double[rank * tokens];
    double[] energies = new double[rank];
    for (int k = 0; k < rank; k++) {
      double[] direction = new double[width];
      for (int i = 0; i < block; i++) {
        for (int j = 0; j < width; j++) {
          direction[j] += eigen.vector(k, i) * directions[i * width + j];
        }
      }
      energies[k] = eigen.value(k) / total;
      for (int t = 0; t < tokens; t++) {
        vectors[k * tokens + t] = dot(centred, t * width, direction, 0, width);
      }
    }
    orthonormalize(vectors, rank, tokens);
    return new Basis(tokens, vectors, energies);
  }

  private static double[] times(double[] rows, int count, double[] matrix, int width) {
    double[] product = new double[count * width];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < width; j++) {
        double x = rows[i * width + j];
        for (int k = 0; k < width; k++) {
          product[i * width + k] += x * matrix[j * width + k];
        }
      }
    }
    return product;
  }

  private static double dot(double[] a, int atA, double[] b, int atB, int length) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += a[atA + i] * b[atB + i];
    }
    return sum;
  }

  /// Gram and Schmidt, twice; a row that vanishes becomes zero.
  private static void orthonormalize(double[] rows, int count, int length) {
    for (int i = 0; i < count; i++) {
      double before = dot(rows, i * length, rows, i * length, length);
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < i; j++) {
          double product = dot(rows, i * length, rows, j * length, length);
          for (int k = 0; k < length; k++) {
            rows[i * length + k] -= product * rows[j * length + k];
          }
        }
      }
      double squares = dot(rows, i * length, rows, i * length, length);
      double scale = squares <= VANISHED * before ? 0 : 1 / Math.sqrt(squares);
      for (int k = 0; k < length; k++) {
        rows[i * length + k] *= scale;
      }
    }
  }

  /// The correlations ρ of the first `components` of both, the largest first: singular values of
  /// UₐᵀU_b, as many as both have.
  static double[] between(Basis a, Basis b, int components) {
    int rows = Math.min(components, a.components());
    int columns = Math.min(components, b.components());
    double[] products = new double[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        products[i * columns + j] =
            dot(a.vectors(), i * a.tokens(), b.vectors(), j * b.tokens(), a.tokens());
      }
    }
    double[] squares = new double[rows * rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < rows; j++) {
        squares[i * rows + j] = dot(products, i * columns, products, j * columns, columns);
      }
    }
    SymmetricEigen eigen = SymmetricEigen.of(squares, rows);
    double[] correlations = new double[Math.min(rows, columns)];
    for (int k = 0; k < correlations.length; k++) {
      correlations[k] = Math.min(1, Math.sqrt(Math.max(0, eigen.value(k))));
    }
    return correlations;
  }
}
