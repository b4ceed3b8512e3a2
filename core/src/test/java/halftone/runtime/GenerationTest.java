package halftone.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.kvcache.CachePolicy;
import halftone.model.Metadata;
import halftone.model.Model;
import halftone.model.TinyLlama;
import halftone.tokenizer.Tokenizer;
import halftone.tokenizer.Tokenizers;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GenerationTest {
  private static final int[] PROMPT = {1, 2, 3};

  private final Model model = TinyLlama.seeded(1).model();
  private final Tokenizer tokenizer = Tokenizers.of(new Metadata("tiny", model.metadata()));
  private final Workers workers = new LocalWorkers(1);
  private final List<String> parts = new ArrayList<>();

  @AfterEach
  void close() {
    workers.close();
  }

  private Generation.Result write(Generation.Limits limits, int context, Generation.Reader reader) {
    Session.Settings settings =
        new Session.Settings(Arithmetic.EXACT, CachePolicy.F32, context, 1 << 24);
    try (Session session = new Session(model, settings, workers)) {
      Sampler sampler = new Sampler(Sampling.plain(4));
      return new Generation(session, tokenizer).write(0, PROMPT, sampler, limits, reader);
    }
  }

  private Generation.Result write(int tokens, Set<Integer> ends, List<String> stops) {
    return write(new Generation.Limits(tokens, ends, stops), 200, parts::add);
  }

  @Test
  void writesAsManyTokensAsAskedFor() {
    Generation.Result result = write(40, Set.of(), List.of());
    assertThat(result.tokens()).hasSize(40);
    assertThat(result.reason()).isEqualTo(Generation.Reason.TOKENS);
    assertThat(String.join("", parts)).isEqualTo(result.text());
    assertThat(write(0, Set.of(), List.of()).tokens()).isEmpty();
  }

  @Test
  void endsBeforeAnEndToken() {
    List<Integer> free = write(40, Set.of(), List.of()).tokens();
    int end = free.get(17);
    Generation.Result result = write(40, Set.of(end), List.of());
    assertThat(result.reason()).isEqualTo(Generation.Reason.END);
    assertThat(result.tokens()).isEqualTo(free.subList(0, free.indexOf(end)));
  }

  /// Also when it begins in one token and ends in another: nothing of it is shown.
  @Test
  void endsBeforeAStopString() {
    String free = write(40, Set.of(), List.of()).text();
    String stop = free.substring(20, 25);
    parts.clear();
    Generation.Result result = write(40, Set.of(), List.of("never", stop));
    assertThat(result.reason()).isEqualTo(Generation.Reason.STOP);
    assertThat(result.text()).isEqualTo(free.substring(0, free.indexOf(stop)));
    assertThat(String.join("", parts)).isEqualTo(result.text());
  }

  @Test
  void showsInTheEndWhatOnlyBeganLikeAStopString() {
    String free = write(10, Set.of(), List.of()).text();
    parts.clear();
    String stop = free.substring(free.length() - 1) + "\u0000never";
    assertThat(write(10, Set.of(), List.of(stop)).text()).isEqualTo(free);
    assertThat(String.join("", parts)).isEqualTo(free);
  }

  @Test
  void endsWhereTheContextEnds() {
    Generation.Limits limits = new Generation.Limits(100, Set.of(), List.of());
    Generation.Result result = write(limits, 10, parts::add);
    assertThat(result.reason()).isEqualTo(Generation.Reason.CONTEXT);
    assertThat(result.tokens()).hasSize(8);
  }

  @Test
  void endsWhenItsReaderHasEnough() {
    Generation.Limits limits = new Generation.Limits(100, Set.of(), List.of());
    Generation.Result result = write(limits, 200, text -> parts.add(text) && parts.size() < 5);
    assertThat(result.reason()).isEqualTo(Generation.Reason.CANCELLED);
    assertThat(parts).hasSize(5);
  }
}
