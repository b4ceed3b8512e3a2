package halftone.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutcomeJsonTest {
  @Test
  void holdsEverythingInAFixedOrder() throws Exception {
    JsonObject json = JsonParser.object().from(OutcomeJson.text(SampleOutcomes.shipped()));
    assertThat(json.keySet())
        .containsExactly(
            "output",
            "model",
            "bytes",
            "bits_per_weight",
            "shipped",
            "predicted_kl",
            "candidates",
            "verification",
            "tensors",
            "curve",
            "memory",
            "provenance",
            "seconds");
    assertThat(json.getLong("bytes")).isEqualTo(65_812_480);
    assertThat(json.getArray("tensors")).hasSize(SampleOutcomes.shipped().tensors().size());
    assertThat(json.getArray("curve")).hasSize(SampleOutcomes.shipped().curve().size());
    JsonObject second = json.getArray("curve").getObject(1);
    assertThat(second.keySet()).containsExactly("bytes", "loss", "bits_per_weight", "changes");
    assertThat(second.getArray("changes").getArray(0)).hasSize(2);
    assertThat(json.getObject("seconds").getDouble("write")).isEqualTo(0.42);
    JsonObject verification = json.getObject("verification");
    assertThat(verification.getObject("ours").getDouble("kl_mean")).isEqualTo(0.0312);
    assertThat(verification.getObject("paired").getDouble("upper")).isEqualTo(-0.0064);
    assertThat(verification.getObject("kinds").keySet())
        .containsExactly("prose", "code", "dialogue <b>");
    assertThat(json.getArray("tensors").getObject(0).getArray("alternatives")).hasSize(9);
  }

  @Test
  void theUnknownIsNull() throws Exception {
    JsonObject json = JsonParser.object().from(OutcomeJson.text(SampleOutcomes.unmeasured()));
    assertThat(json)
        .containsEntry("predicted_kl", null)
        .containsEntry("verification", null)
        .containsEntry("memory", null);
    assertThat(json.getArray("tensors").getObject(0))
        .containsEntry("loss", null)
        .containsEntry("name", SampleOutcomes.HOSTILE);
    assertThat(json.getArray("curve").getObject(0)).containsEntry("loss", null);
  }

  @Test
  void aRunIsAnArray() throws Exception {
    JsonArray json =
        JsonParser.array()
            .from(OutcomeJson.text(List.of(SampleOutcomes.shipped(), SampleOutcomes.unmeasured())));
    assertThat(json).hasSize(2);
  }

  @Test
  void theFileIsTheText(@TempDir Path folder) throws Exception {
    Path path = folder.resolve("outcome.json");
    OutcomeJson.write(path, SampleOutcomes.shipped());
    assertThat(Files.readString(path)).isEqualTo(OutcomeJson.text(SampleOutcomes.shipped()) + "\n");
  }
}
