package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.model.TinyLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What another process left in the store, finished or killed, is found again.
class RoadProcessTest {
  private static final int KILLS = 5;
  private static final int LATEST_KILL = 3000;

  @TempDir private Path folder;
  private Path model;

  @BeforeEach
  void makeModel() throws IOException {
    model = new TinyLlama(256, 2, 4, 2, 512, false, 7).write(folder.resolve("tiny.gguf"));
  }

  @Test
  void killedFiveTimesItEndsWithTheBytesOfAnUndisturbedRun()
      throws IOException, InterruptedException {
    Path output = folder.resolve("killed.gguf");
    Path store = folder.resolve("store");
    Random random = new Random(5);
    for (int kill = 0; kill < KILLS; kill++) {
      Process road = RoadProcess.start(model, output, store);
      boolean ended = road.waitFor(random.nextInt(LATEST_KILL), TimeUnit.MILLISECONDS);
      road.destroyForcibly().waitFor();
      assertThat(Files.exists(output)).isEqualTo(ended);
      Files.deleteIfExists(output);
    }
    assertThat(RoadProcess.start(model, output, store).waitFor()).isZero();
    Path undisturbed = folder.resolve("undisturbed.gguf");
    new Road(
            RoadProcess.request(model, undisturbed, folder.resolve("other-store")), Progress.SILENT)
        .run();
    assertThat(output).hasSameBinaryContentAs(undisturbed);
  }

  @Test
  void anotherProcessFindsEveryResult() throws IOException, InterruptedException, SQLException {
    Path store = folder.resolve("store");
    assertThat(RoadProcess.start(model, folder.resolve("a.gguf"), store).waitFor()).isZero();
    long kept = results(store);
    new Road(RoadProcess.request(model, folder.resolve("b.gguf"), store), Progress.SILENT).run();
    assertThat(kept).isPositive();
    assertThat(results(store)).isEqualTo(kept);
  }

  @Test
  void twoAtOnceOnOneStoreMakeTheSameFile() throws IOException, InterruptedException {
    Path store = folder.resolve("store");
    Process first = RoadProcess.start(model, folder.resolve("first.gguf"), store);
    Process second = RoadProcess.start(model, folder.resolve("second.gguf"), store);
    assertThat(first.waitFor()).isZero();
    assertThat(second.waitFor()).isZero();
    assertThat(folder.resolve("first.gguf")).hasSameBinaryContentAs(folder.resolve("second.gguf"));
    new Road(
            RoadProcess.request(model, folder.resolve("alone.gguf"), folder.resolve("other")),
            Progress.SILENT)
        .run();
    assertThat(folder.resolve("first.gguf")).hasSameBinaryContentAs(folder.resolve("alone.gguf"));
  }

  private static long results(Path store) throws SQLException {
    String url = "jdbc:sqlite:" + store.resolve("experiments.db");
    try (Connection connection = DriverManager.getConnection(url);
        ResultSet count =
            connection.createStatement().executeQuery("SELECT COUNT(*) FROM result")) {
      return count.getLong(1);
    }
  }
}
