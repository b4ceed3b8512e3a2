package halftone.app;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
  @TempDir private Path folder;

  @Test
  void everyLineOfTheRehearsalSucceeds() {
    assertThatCode(() -> Rehearsal.main(new String[] {folder.toString()}))
        .doesNotThrowAnyException();
  }
}
