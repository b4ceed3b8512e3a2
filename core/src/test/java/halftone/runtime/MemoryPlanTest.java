package halftone.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.kvcache.CachePolicy;
import halftone.model.Model;
import halftone.model.TinyDecoder;
import halftone.model.TinyLlama;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A plan is what a session really takes, to the byte.
class MemoryPlanTest {
  static Stream<Arguments> sessions() {
    return TinyDecoder.ALL.stream()
        .flatMap(
            tiny ->
                Stream.of(
                    Arguments.of(tiny, CachePolicy.F32, 70),
                    Arguments.of(tiny, CachePolicy.F16, 512),
                    Arguments.of(tiny, CachePolicy.F16, 1301)));
  }

  @ParameterizedTest
  @MethodSource("sessions")
  void isWhatASessionTakes(TinyDecoder tiny, CachePolicy policy, int context) {
    Model model = tiny.model();
    try (Workers workers = new LocalWorkers(2);
        Session session =
            new Session(
                model, new Session.Settings(Arithmetic.EXACT, policy, context, 0), workers)) {
      long most = 0;
      int[] tokens = new Random(1).ints(context, 0, TinyLlama.VOCABULARY).toArray();
      for (int[] part : parts(tokens)) {
        session.read(0, part);
        most = Math.max(most, session.cacheBytes());
      }
      MemoryPlan plan = MemoryPlan.of(model, policy, context);
      assertThat(session.bufferBytes()).isEqualTo(plan.buffers());
      assertThat(most).isEqualTo(plan.cache());
    }
  }

  /// In the chunks that a long prompt is read in, to see the cache between them.
  private static List<int[]> parts(int[] tokens) {
    List<int[]> parts = new java.util.ArrayList<>();
    for (int from = 0; from < tokens.length; from += Session.CHUNK) {
      int to = Math.min(tokens.length, from + Session.CHUNK);
      parts.add(java.util.Arrays.copyOfRange(tokens, from, to));
    }
    return parts;
  }
}
