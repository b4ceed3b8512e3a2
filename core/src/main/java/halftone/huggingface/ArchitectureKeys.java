package halftone.huggingface;

import halftone.model.GgufValue;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// GGUF metadata while it is gathered; keys of the architecture start with its id.
final class ArchitectureKeys {
  private final String prefix;
  private final SequencedMap<String, GgufValue> values = new LinkedHashMap<>();

  ArchitectureKeys(String architecture, String name) {
    prefix = architecture + ".";
    values.put("general.architecture", new GgufValue.Text(architecture));
    values.put("general.type", new GgufValue.Text("model"));
    values.put("general.name", new GgufValue.Text(name));
  }

  void size(String key, int size) {
    values.put(prefix + key, new GgufValue.U32(size));
  }

  void real(String key, double value) {
    values.put(prefix + key, new GgufValue.F32((float) value));
  }

  void text(String key, String value) {
    values.put(prefix + key, new GgufValue.Text(value));
  }

  SequencedMap<String, GgufValue> values() {
    return values;
  }
}
