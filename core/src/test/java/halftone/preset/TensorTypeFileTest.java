package halftone.preset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.GgmlType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorTypeFileTest {
  @TempDir Path folder;

  @Test
  void readsWhatItWrites() throws IOException {
    LinkedHashMap<String, GgmlType> types = new LinkedHashMap<>();
    types.put("blk.1.ffn_down.weight", GgmlType.IQ4_XS);
    types.put("blk.11.ffn_down.weight", GgmlType.Q6_K);
    Path file = folder.resolve("types.txt");
    TensorTypeFile.write(file, types);
    List<TensorTypeRule> rules = TensorTypeFile.read(file);
    assertThat(type(rules, "blk.1.ffn_down.weight")).isEqualTo(GgmlType.IQ4_XS);
    assertThat(type(rules, "blk.11.ffn_down.weight")).isEqualTo(GgmlType.Q6_K);
    assertThat(TensorTypeRule.first(rules, "blk.1xffn_down.weight")).isEmpty();
  }

  @Test
  void firstMatchWinsAndTypesIgnoreCapitals() throws IOException {
    Path file = folder.resolve("types.txt");
    Files.writeString(file, "blk\\.[0-3]\\.FFN_DOWN=Q6_K ffn_down=iq3_s\n\n  attn=q8_0\n");
    List<TensorTypeRule> rules = TensorTypeFile.read(file);
    assertThat(rules).hasSize(3);
    assertThat(type(rules, "blk.2.ffn_down.weight")).isEqualTo(GgmlType.Q6_K);
    assertThat(type(rules, "blk.4.ffn_down.weight")).isEqualTo(GgmlType.IQ3_S);
    assertThat(TensorTypeRule.first(rules, "output.weight")).isEmpty();
  }

  @Test
  void refusesWhatIsNoRuleByFileAndEntry() throws IOException {
    Path file = folder.resolve("types.txt");
    for (String bad : List.of("ffn_down", "=q4_k", "ffn_down=", "ffn_down=q4_z", "ffn(=q4_k")) {
      Files.writeString(file, bad);
      assertThatThrownBy(() -> TensorTypeFile.read(file))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("types.txt");
    }
  }

  private static GgmlType type(List<TensorTypeRule> rules, String tensor) {
    return TensorTypeRule.first(rules, tensor).orElseThrow().type();
  }
}
