package halftone.runtime;

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
import java.util.stream.IntStream;

/// Writes texts, as many as its argument says, token by token until a token takes no new memory or
/// long enough for all code to be compiled, and prints the bytes it takes then.
final class SteadyDecoding {
  static final int LAYERS = 20;

  private static final int CONTEXT = 64;
  private static final int ATTEMPTS = 200;

  private SteadyDecoding() {}

  public static void main(String[] arguments) {
    int[] numbers = IntStream.range(0, Integer.parseInt(arguments[0])).toArray();
    int[] tokens = IntStream.of(numbers).map(number -> number + 1).toArray();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    try (Workers workers = new LocalWorkers(2);
        Session session = session(workers)) {
      for (int attempt = 0; attempt < ATTEMPTS && least >= LAYERS; attempt++) {
        for (int text : numbers) {
          session.forget(text);
        }
        session.step(numbers, tokens); // makes the cache
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int position = 1; position < CONTEXT; position++) {
          session.step(numbers, tokens);
        }
        long taken = threads.getCurrentThreadAllocatedBytes() - before;
        least = Math.min(least, taken / (CONTEXT - 1));
      }
    }
    System.out.println(least);
  }

  private static Session session(Workers workers) {
    Model floats = new TinyLlama(64, LAYERS, 4, 2, 128, false, 7).model();
    WeightFormat format = (WeightFormat) NumberFormats.named("Q8_0");
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
    return new Session(
        model, new Session.Settings(Arithmetic.INT8, CachePolicy.F16, CONTEXT, 1L << 30), workers);
  }
}
