package halftone.torch.curvature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.Model;
import halftone.model.TinyLlama;
import halftone.torch.Batch;
import halftone.torch.Libtorch;
import halftone.torch.Parameters;
import halftone.torch.Precision;
import halftone.torch.TorchEngine;
import java.util.List;
import java.util.Random;
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

class HessianProductTest {
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

  private static double difference(Tensor found, Tensor expected) {
    return Layout.norm(found.sub(expected)) / Layout.norm(expected);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void ofAQuadraticIsItsMatrix(Precision precision) {
    ScalarType type = precision == Precision.FLOAT32 ? ScalarType.Float : ScalarType.Double;
    Tensor a = GraphLoss.symmetric(20, type);
    HessianProduct product =
        new HessianProduct(GraphLoss.quadratic(a, GraphLoss.gaussian(4, type, 1, 20)));
    Tensor v = product.layout().random(Layout.Noise.GAUSSIAN, 1, 0);
    assertThat(difference(product.times(v), torch.mv(a, v)))
        .isLessThan(precision == Precision.FLOAT32 ? 1e-6 : 1e-12);
  }

  private final Supplied regression = new Supplied();

  /// 50 samples of 7 features in 5 classes.
  private static final class Supplied {
    private static final int SAMPLES = 50;
    private static final int CLASSES = 5;

    Tensor x(ScalarType type) {
      return GraphLoss.gaussian(31, type, 1, SAMPLES, 7);
    }

    GraphLoss loss(ScalarType type) {
      return GraphLoss.softmaxRegression(x(type), GraphLoss.labels(32, SAMPLES, CLASSES), CLASSES);
    }

    /// (1/m) Xᵀ (P ⊙ U − P ⊙ rowsum(P ⊙ U)), U = X V.
    Tensor expected(GraphLoss loss, Tensor v, ScalarType type) {
      Tensor x = x(type);
      Tensor p = torch.softmax(torch.matmul(x, loss.get("w").detach()), 1);
      Tensor pu = p.mul(torch.matmul(x, v.view(7, CLASSES)));
      Tensor inner = pu.sub(p.mul(pu.sum(new long[] {1}, true, null)));
      return torch.matmul(x.t(), inner).div(new Scalar(SAMPLES)).reshape(-1);
    }
  }

  @Test
  void ofSoftmaxRegressionIsTheClosedForm() {
    GraphLoss loss = regression.loss(ScalarType.Float);
    HessianProduct product = new HessianProduct(loss);
    Tensor v = product.layout().random(Layout.Noise.GAUSSIAN, 2, 0);
    Tensor expected = regression.expected(loss, v, ScalarType.Float);
    assertThat(difference(product.times(v), expected)).isLessThan(1e-5);
    assertThat(difference(new GaussNewtonProduct(loss).times(v), expected)).isLessThan(1e-5);
  }

  @Test
  void finiteDifferencesComeAsCloseAsTheirStepAllows() {
    GraphLoss single = regression.loss(ScalarType.Float);
    FiniteDifferenceProduct rough = new FiniteDifferenceProduct(single);
    Tensor v = rough.layout().random(Layout.Noise.GAUSSIAN, 2, 0);
    assertThat(difference(rough.times(v), new HessianProduct(single).times(v))).isLessThan(3e-4);
    GraphLoss exact = regression.loss(ScalarType.Double);
    FiniteDifferenceProduct fine = new FiniteDifferenceProduct(exact);
    Tensor w = fine.layout().random(Layout.Noise.GAUSSIAN, 2, 0);
    assertThat(difference(fine.times(w), new HessianProduct(exact).times(w))).isLessThan(1e-8);
  }

  @Test
  void finiteDifferencesPutTheParametersBackBitForBit() {
    GraphLoss loss = regression.loss(ScalarType.Float);
    float[] before = halftone.torch.Memory.floats(loss.get("w"));
    FiniteDifferenceProduct product = new FiniteDifferenceProduct(loss);
    product.times(product.layout().random(Layout.Noise.GAUSSIAN, 2, 0));
    assertThat(halftone.torch.Memory.floats(loss.get("w"))).isEqualTo(before);
  }

  @Test
  void stepsOverAKinkDisagree() {
    GraphLoss smooth = regression.loss(ScalarType.Double);
    FiniteDifferenceProduct calm = new FiniteDifferenceProduct(smooth);
    assertThat(calm.disagreement(calm.layout().random(Layout.Noise.GAUSSIAN, 1, 0)))
        .isLessThan(1e-6);
    GraphLoss kinked = new GraphLoss();
    kinked.parameter("w", Tensor.create(1e-6, -1e-6));
    kinked.batch(
        () -> new BatchLoss(torch.relu(kinked.get("w")).sum(), 1, BatchLoss.Reduction.MEAN, null));
    FiniteDifferenceProduct product = new FiniteDifferenceProduct(kinked);
    assertThat(product.disagreement(Tensor.create(1.0, 1.0)))
        .isGreaterThan(FiniteDifferenceProduct.SUSPICIOUS);
  }

  @Test
  void isSymmetricAndLinearForAConvolutionalNetwork() {
    requireSymmetric(new HessianProduct(GraphLoss.convolutional(ScalarType.Float)));
  }

  @Test
  void isSymmetricAndLinearForATransformerAndItsBlocksStandAlone() {
    Model model = new TinyLlama(32, 2, 4, 2, 48, true, 3).model();
    List<String> names = List.copyOf(model.tensors().keySet());
    try (Parameters parameters = new Parameters(model, Precision.FLOAT32);
        TorchEngine engine = new TorchEngine(model, parameters)) {
      List<Batch> batches = List.of(batch(1, 2, 12), batch(2, 1, 9));
      ModelLoss loss = new ModelLoss(engine, parameters, names, batches);
      requireSymmetric(new HessianProduct(loss));
      requireBlock(loss, "blk.1.attn_q.weight");
    }
  }

  private static Batch batch(long seed, int sequences, int length) {
    Random random = new Random(seed);
    int[][] tokens = new int[sequences][length];
    for (int[] sequence : tokens) {
      java.util.Arrays.setAll(sequence, t -> random.nextInt(TinyLlama.VOCABULARY));
    }
    return new Batch(tokens);
  }

  private static void requireSymmetric(SymmetricMap map) {
    Tensor u = map.layout().random(Layout.Noise.RADEMACHER, 1, 0);
    Tensor v = map.layout().random(Layout.Noise.RADEMACHER, 1, 1);
    Tensor hu = map.times(u);
    Tensor hv = map.times(v);
    double one = Layout.dot(u, hv);
    assertThat(Math.abs(one - Layout.dot(v, hu)) / Math.abs(one)).isLessThan(1e-4);
    Tensor sum = u.mul(new Scalar(2)).sub(v.mul(new Scalar(0.5)));
    Tensor expected = hu.mul(new Scalar(2)).sub(hv.mul(new Scalar(0.5)));
    assertThat(difference(map.times(sum), expected)).isLessThan(1e-4);
  }

  /// H_ll v_l is the slice of H (0 … v_l … 0).
  private static void requireBlock(Loss loss, String block) {
    HessianProduct whole = new HessianProduct(loss);
    HessianProduct alone = new HessianProduct(new BlockLoss(loss, block));
    Tensor v = alone.layout().random(Layout.Noise.GAUSSIAN, 3, 0);
    long at = 0;
    for (String name : whole.layout().lengths().sequencedKeySet()) {
      if (name.equals(block)) {
        break;
      }
      at += whole.layout().lengths().get(name);
    }
    Tensor padded = torch.zeros(whole.layout().size());
    padded.narrow(0, at, v.numel()).copy_(v);
    Tensor slice = whole.times(padded).narrow(0, at, v.numel());
    assertThat(difference(alone.times(v), slice)).isLessThan(1e-4);
  }

  @Test
  void batchesCountByTheirSamples() {
    Tensor x = regression.x(ScalarType.Double);
    Tensor labels = GraphLoss.labels(32, 50, 5);
    GraphLoss whole = GraphLoss.softmaxRegression(x, labels, 5);
    GraphLoss parts = new GraphLoss().parameter("w", whole.get("w").detach().clone());
    for (long[] range : new long[][] {{0, 11}, {11, 39}}) {
      parts.batch(
          () ->
              GraphLoss.crossEntropy(
                  torch.matmul(x.narrow(0, range[0], range[1]), parts.get("w")),
                  labels.narrow(0, range[0], range[1])));
    }
    HessianProduct product = new HessianProduct(parts);
    Tensor v = product.layout().random(Layout.Noise.GAUSSIAN, 2, 0);
    assertThat(difference(product.times(v), new HessianProduct(whole).times(v))).isLessThan(1e-12);
  }

  @Test
  void gaussNewtonIsPositiveWhereTheHessianIsNot() {
    GraphLoss loss = GraphLoss.perceptron(ScalarType.Double);
    double[] hessian = DenseMap.of(new HessianProduct(loss)).eigenvalues();
    double[] gaussNewton = DenseMap.of(new GaussNewtonProduct(loss)).eigenvalues();
    assertThat(hessian[0]).isLessThan(-1e-3);
    assertThat(gaussNewton[0]).isGreaterThan(-1e-10);
  }

  @Test
  void theEmpiricalFisherIsTheMeanOfSquaredGradients() {
    Tensor x = regression.x(ScalarType.Double);
    Tensor labels = GraphLoss.labels(32, 50, 5);
    GraphLoss single =
        new GraphLoss().parameter("w", GraphLoss.gaussian(5, ScalarType.Double, 0.3, 7, 5));
    for (long i = 0; i < 50; i++) {
      long sample = i;
      single.batch(
          () ->
              GraphLoss.crossEntropy(
                  torch.matmul(x.narrow(0, sample, 1), single.get("w")),
                  labels.narrow(0, sample, 1)));
    }
    // The gradient of one sample is x (p − y)ᵀ.
    Tensor p = torch.softmax(torch.matmul(x, single.get("w").detach()), 1);
    Tensor residual = p.sub(torch.one_hot(labels, 5).to(ScalarType.Double));
    Tensor expected =
        torch.matmul(x.mul(x).t(), residual.mul(residual)).div(new Scalar(50)).reshape(-1);
    assertThat(difference(EmpiricalFisher.diagonal(single), expected)).isLessThan(1e-12);
    assertThatThrownBy(() -> EmpiricalFisher.diagonal(regression.loss(ScalarType.Double)))
        .hasMessageContaining("holds 50 samples");
  }

  @Test
  void fusedAttentionIsNamedAndDifferencesAreOffered() {
    GraphLoss loss = new GraphLoss();
    loss.parameter("q", GraphLoss.gaussian(1, ScalarType.Float, 1, 1, 2, 8, 16));
    loss.batch(
        () -> {
          Tensor q = loss.get("q");
          Tensor mixed = torch.scaled_dot_product_attention(q, q, q);
          return new BatchLoss(mixed.mul(mixed).mean(), 1, BatchLoss.Reduction.MEAN, null);
        });
    HessianProduct product = new HessianProduct(loss);
    Tensor v = product.layout().random(Layout.Noise.GAUSSIAN, 2, 0);
    assertThatThrownBy(() -> product.times(v))
        .isInstanceOf(NotTwiceDifferentiableException.class)
        .hasMessageContaining("FiniteDifferenceProduct");
    assertThat(Layout.norm(new FiniteDifferenceProduct(loss).times(v))).isPositive();
  }

  @Test
  void whatHasNoCurvatureIsRefused() {
    assertThatThrownBy(() -> new HessianProduct(new GraphLoss())).hasMessageContaining("no batch");
    GraphLoss loss = regression.loss(ScalarType.Float);
    assertThatThrownBy(() -> new HessianProduct(loss).times(torch.zeros(34)))
        .hasMessageContaining("[34] for 35 parameters");
    assertThatThrownBy(() -> new BlockLoss(loss, "v")).hasMessageContaining("no parameter v");
    assertThatThrownBy(() -> new BatchLoss(torch.zeros(1), 0, BatchLoss.Reduction.MEAN, null))
        .hasMessageContaining("no samples");
    assertThatThrownBy(
            () -> new BatchLoss(Tensor.create(Double.NaN), 3, BatchLoss.Reduction.MEAN, null))
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> new BatchLoss(torch.zeros(3), 3, BatchLoss.Reduction.MEAN, null))
        .hasMessageContaining("no scalar");
    GraphLoss short16 = new GraphLoss().parameter("w", torch.zeros(3).to(ScalarType.BFloat16));
    short16.batch(() -> GraphLoss.crossEntropy(short16.get("w"), GraphLoss.labels(1, 1, 3)));
    assertThatThrownBy(() -> new HessianProduct(short16)).hasMessageContaining("float32 or");
  }

  @Test
  void meansAndSumsDoNotMix() {
    GraphLoss loss = new GraphLoss().parameter("w", GraphLoss.gaussian(1, ScalarType.Float, 1, 3));
    for (BatchLoss.Reduction reduction : BatchLoss.Reduction.values()) {
      loss.batch(() -> new BatchLoss(loss.get("w").pow(new Scalar(2)).sum(), 2, reduction, null));
    }
    assertThatThrownBy(() -> new HessianProduct(loss).times(torch.zeros(3)))
        .hasMessageContaining("do not mix");
  }
}
