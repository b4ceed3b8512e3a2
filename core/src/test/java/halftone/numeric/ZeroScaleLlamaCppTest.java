package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.llamacpp.AssumedLlamaCpp;
import halftone.llamacpp.Ggml;
import halftone.model.GgmlType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Groups so small beside others of their block that their stored scale is 0: they keep the codes
/// of the search, although these decode to nothing.
class ZeroScaleLlamaCppTest {
  @ParameterizedTest
  @EnumSource(names = {"Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"})
  void keepTheCodesThatGgmlKeeps(GgmlType type) {
    Ggml ggml = new Ggml(AssumedLlamaCpp.library());
    WeightFormat format = (WeightFormat) type.format();
    Random random = new Random(type.id());
    float[] x = new float[256];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian() * (i < 224 ? 1 : 1e-4f);
    }
    float[] importance = new float[256];
    Arrays.fill(importance, 1);
    for (float[] given : new float[][] {null, importance}) {
      MemorySegment bytes = Arena.ofAuto().allocate(format.layout().bytes());
      format.fit(x, 0, 1, 256, given).pack(bytes, 0);
      assertThat(bytes.toArray(ValueLayout.JAVA_BYTE))
          .isEqualTo(ggml.quantize(type.id(), x, 1, 256, given));
    }
  }
}
