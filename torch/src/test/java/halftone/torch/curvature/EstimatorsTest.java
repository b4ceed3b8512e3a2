package halftone.torch.curvature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import halftone.torch.Libtorch;
import halftone.torch.Memory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EstimatorsTest {
  private PointerScope scope;

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @BeforeEach
  void open() {
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static DenseMap random60() {
    return DenseMap.of(GraphLoss.symmetric(60, ScalarType.Double));
  }

  @ParameterizedTest
  @EnumSource(Layout.Noise.class)
  void tracesStrayAsMuchAsTheirVarianceSays(Layout.Noise noise) {
    DenseMap map = random60();
    double trace = torch.trace(map.matrix()).item_double();
    double squares = Layout.dot(map.matrix().reshape(-1), map.matrix().reshape(-1));
    Tensor diagonal = torch.diag(map.matrix());
    double variance =
        2 * (squares - (noise == Layout.Noise.RADEMACHER ? Layout.dot(diagonal, diagonal) : 0));
    Hutchinson.Trace found = new Hutchinson(noise, 5, 20_000, 20_000, 0).trace(map);
    Hutchinson.Estimate total = found.total();
    assertThat(total.probes()).isEqualTo(20_000);
    assertThat(Math.abs(total.mean() - trace)).isLessThan(4 * total.error());
    double sampled = total.error() * total.error() * total.probes();
    assertThat(sampled / variance).isCloseTo(1, within(0.05));
  }

  @Test
  void oneProbeIsExactForADiagonalMatrix() {
    DenseMap map = DenseMap.of(torch.diag(Tensor.create(3.0, -1.0, 0.5)));
    Hutchinson one = new Hutchinson(Layout.Noise.RADEMACHER, 1, 1, 1, 0);
    assertThat(one.trace(map).total().mean()).isEqualTo(2.5);
  }

  @Test
  void theSearchEndsWhenTheErrorIsSmallAndBlocksShareTheProbes() {
    SequencedMap<String, Long> blocks = new LinkedHashMap<>();
    blocks.put("a", 20L);
    blocks.put("b", 40L);
    Tensor shifted =
        random60().matrix().add(torch.eye(60).to(ScalarType.Double).mul(new Scalar(40)));
    DenseMap map = new DenseMap(shifted, new Layout(blocks, ScalarType.Double));
    Hutchinson.Trace found = Hutchinson.standard(3).trace(map);
    assertThat(found.total().probes()).isBetween(16, 99);
    assertThat(found.total().error()).isLessThanOrEqualTo(0.05 * found.total().mean());
    double parts = found.blocks().values().stream().mapToDouble(Hutchinson.Estimate::mean).sum();
    assertThat(parts).isCloseTo(found.total().mean(), within(1e-9));
    double first = torch.trace(shifted.narrow(0, 0, 20).narrow(1, 0, 20)).item_double();
    Hutchinson.Estimate a = found.blocks().get("a");
    assertThat(Math.abs(a.mean() - first)).isLessThan(4 * a.error());
  }

  @Test
  void aBlocksProbesDependOnItsNameAlone() {
    SequencedMap<String, Long> two = new LinkedHashMap<>();
    two.put("a", 3L);
    two.put("b", 5L);
    SequencedMap<String, Long> one = new LinkedHashMap<>();
    one.put("b", 5L);
    Tensor both = new Layout(two, ScalarType.Float).random(Layout.Noise.GAUSSIAN, 7, 2);
    Tensor alone = new Layout(one, ScalarType.Float).random(Layout.Noise.GAUSSIAN, 7, 2);
    assertThat(Memory.floats(both.narrow(0, 3, 5))).isEqualTo(Memory.floats(alone));
    Tensor other = new Layout(one, ScalarType.Float).random(Layout.Noise.GAUSSIAN, 7, 3);
    assertThat(Memory.floats(other)).isNotEqualTo(Memory.floats(alone));
  }

  @Test
  void theDiagonalIsExactForADiagonalMatrixAndNearForOthers() {
    Tensor values = Tensor.create(4.0, -2.0, 7.0);
    BekasDiagonal once = new BekasDiagonal(Layout.Noise.RADEMACHER, 1, 1);
    assertThat(Memory.doubles(once.diagonal(DenseMap.of(torch.diag(values)))))
        .containsExactly(4, -2, 7);
    DenseMap map = random60();
    double[] found =
        Memory.doubles(new BekasDiagonal(Layout.Noise.RADEMACHER, 2, 4000).diagonal(map));
    double[] expected = Memory.doubles(torch.diag(map.matrix()));
    // Each entry strays by √(Σ_j≠i H_ij² / probes), about 0.17.
    for (int i = 0; i < 60; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(0.9));
    }
  }

  @Test
  void lanczosFindsAllEigenvaluesOfADiagonalMatrix() {
    double[] values = IntStream.range(0, 50).mapToDouble(i -> Math.pow(1.1, i) - 20).toArray();
    DenseMap map = DenseMap.of(torch.diag(Tensor.create(values)));
    Tensor v = map.layout().random(Layout.Noise.GAUSSIAN, 4, 0);
    Spectrum spectrum = new Lanczos(4, 50).spectrum(map, v);
    assertThat(spectrum.values()).usingComparatorWithPrecision(1e-6).containsExactly(values);
    assertThat(Arrays.stream(spectrum.weights()).sum()).isCloseTo(1, within(1e-12));
    Tensor unit = v.div(new Scalar(Layout.norm(v)));
    assertThat(spectrum.mean(value -> value))
        .isCloseTo(Layout.dot(unit, map.times(unit)), within(1e-9));
    assertThat(new Lanczos(4, 50).spectrum(map, 0).values()).isEqualTo(spectrum.values());
  }

  @Test
  void lanczosEndsInAnInvariantSubspace() {
    DenseMap map = DenseMap.of(torch.eye(30).to(ScalarType.Double).mul(new Scalar(3)));
    Spectrum spectrum = new Lanczos(1, 20).spectrum(map, 0);
    assertThat(spectrum.values()).hasSize(1);
    assertThat(spectrum.values()[0]).isCloseTo(3, within(1e-12));
  }

  @Test
  void theDensityIsADistribution() {
    Spectrum spectrum = new Spectrum(new double[] {-1, 2}, new double[] {0.25, 0.75});
    double sum = 0;
    for (int i = 0; i < 10_000; i++) {
      sum += spectrum.density(-5 + 0.001 * i, 0.01) * 0.001;
    }
    assertThat(sum).isCloseTo(1, within(1e-6));
    assertThat(spectrum.density(2, 0.01)).isCloseTo(0.75 / Math.sqrt(0.02 * Math.PI), within(1e-9));
    assertThat(spectrum.usualVariance()).isCloseTo(3e-5, within(1e-12));
  }

  @Test
  void largestEigenvaluesOfANetworkAreThoseOfItsHessianWrittenOut() {
    HessianProduct product = new HessianProduct(GraphLoss.perceptron(ScalarType.Double));
    double[] dense = DenseMap.of(product).eigenvalues();
    double[] bySize =
        Arrays.stream(dense)
            .boxed()
            .sorted((a, b) -> Double.compare(Math.abs(b), Math.abs(a)))
            .mapToDouble(Double::doubleValue)
            .limit(3)
            .toArray();
    List<Double> power = new PowerIteration(6, 3, 2000, 1e-9).eigenvalues(product);
    double[] lanczos = new Lanczos(6, 60).spectrum(product, 0).values();
    for (int i = 0; i < 3; i++) {
      assertThat(power.get(i) / bySize[i]).isCloseTo(1, within(1e-3));
      double top = dense[dense.length - 1 - i];
      assertThat(lanczos[lanczos.length - 1 - i] / top).isCloseTo(1, within(1e-3));
    }
  }

  @Test
  void estimatesFromNothingAreRefused() {
    assertThatThrownBy(() -> new Hutchinson(Layout.Noise.GAUSSIAN, 1, 0, 0, 0))
        .hasMessageContaining("no probes");
    assertThatThrownBy(() -> new BekasDiagonal(Layout.Noise.GAUSSIAN, 1, 0))
        .hasMessageContaining("no probes");
    assertThatThrownBy(() -> new Lanczos(1, 0)).hasMessageContaining("no steps");
    assertThatThrownBy(() -> new PowerIteration(1, 1, 0, 0)).hasMessageContaining("no iterations");
    assertThatThrownBy(
            () -> new Lanczos(1, 3).spectrum(random60(), torch.zeros(60).to(ScalarType.Double)))
        .hasMessageContaining("zeros");
  }
}
