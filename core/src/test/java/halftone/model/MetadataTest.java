package halftone.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class MetadataTest {
  private final SequencedMap<String, GgufValue> values = new LinkedHashMap<>();
  private final Metadata metadata = new Metadata("a.gguf", values);

  @Test
  void takesIntegersOfAnyWidth() {
    List<GgufValue> sevens =
        List.of(
            new GgufValue.U8(7),
            new GgufValue.I8(7),
            new GgufValue.U16(7),
            new GgufValue.I16(7),
            new GgufValue.U32(7),
            new GgufValue.I32(7),
            new GgufValue.U64(7),
            new GgufValue.I64(7));
    for (GgufValue seven : sevens) {
      values.put("k", seven);
      assertThat(metadata.requireInt("k")).isEqualTo(7);
    }
  }

  @Test
  void refusesIntegersOutOfRange() {
    values.put("k", new GgufValue.I32(-1));
    refuses(() -> metadata.requireInt("k"), "a.gguf: k: found -1");
    values.put("k", new GgufValue.U32(1L << 31));
    refuses(() -> metadata.requireInt("k"), "a.gguf: k: found 2147483648");
    values.put("k", new GgufValue.U64(-1));
    refuses(() -> metadata.integer("k"), "a.gguf: k: found a value of type UINT64");
  }

  @Test
  void namesKeyAndWireTypeOfAWrongValue() {
    refuses(() -> metadata.requireText("k"), "a.gguf: k: found no such key");
    values.put("k", new GgufValue.F32(1));
    refuses(
        () -> metadata.requireInt("k"), "k: found a value of type FLOAT32; it must be an integer");
    refuses(
        () -> metadata.requireText("k"), "k: found a value of type FLOAT32; it must be a STRING");
    refuses(
        () -> metadata.flagOr("k", true), "k: found a value of type FLOAT32; it must be a BOOL");
    refuses(() -> metadata.ints("k"), "k: found a value of type FLOAT32; it must be an ARRAY");
    values.put("k", new GgufValue.Text("1"));
    refuses(() -> metadata.requireFloat("k"), "k: found a value of type STRING");
  }

  @Test
  void readsArraysAndDefaults() {
    values.put("f", new GgufValue.Array(6, List.of(new GgufValue.F32(1.5f))));
    values.put("t", new GgufValue.Array(8, List.of(new GgufValue.Text("x"))));
    assertThat(metadata.floats("f")).containsExactly(1.5f);
    assertThat(metadata.texts("t")).containsExactly("x");
    assertThat(metadata.texts("absent")).isEmpty();
    assertThat(metadata.intOr("absent", 3)).isEqualTo(3);
    assertThat(metadata.floatOr("absent", 3)).isEqualTo(3f);
    refuses(() -> metadata.ints("f"), "f: found a value of type FLOAT32");
  }

  private static void refuses(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining(message);
  }
}
