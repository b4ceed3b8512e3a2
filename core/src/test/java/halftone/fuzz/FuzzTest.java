package halftone.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FuzzTest {
  private static final long SEED = 20_260_805;
  private static final int CASES = 100_000;

  @TempDir private Path folder;

  @Test
  void everyDamagedInputIsReadOrRefusedClearly() throws IOException, InterruptedException {
    List<FuzzTarget> targets = FuzzTargets.in(folder);
    Fuzzer fuzzer = new Fuzzer(targets, SEED);
    List<Finding> findings = Collections.synchronizedList(new ArrayList<>());
    Thread runner =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  for (int number = 0; number < CASES && findings.size() < 20; number++) {
                    fuzzer.run(number).ifPresent(findings::add);
                  }
                });
    while (!runner.join(java.time.Duration.ofSeconds(1)) && findings.isEmpty()) {
      fuzzer.hanging().ifPresent(findings::add);
    }
    assertThat(findings).isEmpty();
    for (FuzzTarget target : targets) {
      assertThat(fuzzer.accepted(target)).as(target.name()).isPositive();
      assertThat(fuzzer.refused(target)).as(target.name()).isPositive();
    }
  }

  @Test
  void everySeedIsAccepted() throws IOException {
    for (FuzzTarget target : FuzzTargets.in(folder)) {
      for (byte[] seed : target.seeds()) {
        target.reader().read(seed.clone());
      }
    }
  }
}
