package halftone.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import halftone.kvcache.CachePolicy;
import halftone.model.Model;
import halftone.model.TinyLlama;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.quantizer.LayerInputs;
import halftone.quantizer.RoundToNearest;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Writing token by token.
class SteadyDecodingTest {
  private static final int LAYERS = 20;
  private static final int CONTEXT = 64;

  /// Bytes of a token: less than an object for each layer would take.
  private static final long MOST = 16 * LAYERS;

  private static final int ATTEMPTS = 200;

  /// As soon as code is compiled.
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void takesNoNewMemory(int texts) {
    Model floats = new TinyLlama(64, LAYERS, 4, 2, 128, false, 7).model();
    WeightFormat format = (WeightFormat) NumberFormats.named("Q8_0");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int[] numbers = new int[texts];
    int[] tokens = new int[texts];
    for (int text = 0; text < texts; text++) {
      numbers[text] = text;
      tokens[text] = text + 1;
    }
    Session.Settings settings =
        new Session.Settings(Arithmetic.INT8, CachePolicy.F16, CONTEXT, 1L << 30);
    long least = Long.MAX_VALUE;
    try (Workers workers = new LocalWorkers(2)) {
      Model model =
          floats.with(
              floats.linears().stream()
                  .map(
                      name ->
                          new RoundToNearest()
                              .quantize(
                                  name,
                                  floats.tensors().get(name),
                                  format,
                                  LayerInputs.UNKNOWN,
                                  workers))
                  .toList());
      try (Session session = new Session(model, settings, workers)) {
        for (int attempt = 0; attempt < ATTEMPTS && least > MOST * CONTEXT; attempt++) {
          for (int text : numbers) {
            session.forget(text);
          }
          session.step(numbers, tokens); // makes the cache
          long before = threads.getCurrentThreadAllocatedBytes();
          for (int position = 1; position < CONTEXT; position++) {
            session.step(numbers, tokens);
          }
          least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
      }
    }
    assertThat(least).isLessThanOrEqualTo(MOST * CONTEXT);
  }
}
