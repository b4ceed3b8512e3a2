package halftone.huggingface;

import halftone.model.MalformedFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The header of a safetensors file: an object of `NAME: {"dtype", "shape", "data_offsets"}`, and
/// perhaps `__metadata__`, an object of strings.
///
/// The data must lie end to end, from the end of the header to the end of the file, as the format's
/// own reader demands: a file can hide nothing, and no two tensors share bytes. Source:
/// huggingface/safetensors, `safetensors/src/tensor.rs`.
final class SafetensorsHeader {
  /// Bytes of an element; those of the sub-byte types are no whole number and not read here.
  private static final Map<String, Integer> ELEMENT_BYTES =
      Map.ofEntries(
          Map.entry("F64", 8),
          Map.entry("F32", 4),
          Map.entry("F16", 2),
          Map.entry("BF16", 2),
          Map.entry("F8_E4M3", 1),
          Map.entry("F8_E5M2", 1),
          Map.entry("I64", 8),
          Map.entry("I32", 4),
          Map.entry("I16", 2),
          Map.entry("I8", 1),
          Map.entry("U64", 8),
          Map.entry("U32", 4),
          Map.entry("U16", 2),
          Map.entry("U8", 1),
          Map.entry("BOOL", 1));

  private static final int MOST_EXTENTS = 8;

  private final String file;

  /// A line of the header; offsets count from its end.
  record Entry(String name, String type, List<Long> extents, long from, long to) {}

  private SafetensorsHeader(String file) {
    this.file = file;
  }

  /// The entries in the order of their data.
  ///
  /// @param dataBytes how many bytes follow the header
  static List<Entry> parse(JsonObject header, long dataBytes) {
    return new SafetensorsHeader(header.file()).entries(header, dataBytes);
  }

  private List<Entry> entries(JsonObject header, long dataBytes) {
    List<Entry> entries = new ArrayList<>();
    for (String name : header.values().keySet()) {
      if (!name.equals("__metadata__")) {
        entries.add(entry(name, requireObject(header, name)));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::from).thenComparingLong(Entry::to));
    long end = 0;
    for (Entry entry : entries) {
      if (entry.from() != end) {
        String found = "data from byte %d where byte %d is due".formatted(entry.from(), end);
        throw malformed(entry.name(), found, "tensors must lie end to end; the file is damaged");
      }
      end = entry.to();
    }
    if (end != dataBytes) {
      String found = "%d bytes of data for tensors of %d".formatted(dataBytes, end);
      throw malformed("length", found, "the file is truncated or damaged; fetch it again");
    }
    return entries;
  }

  private JsonObject requireObject(JsonObject header, String name) {
    return header
        .object(name)
        .orElseThrow(() -> malformed(name, "null", "it must describe a tensor"));
  }

  private Entry entry(String name, JsonObject line) {
    String type = line.requireText("dtype");
    Integer elementBytes = ELEMENT_BYTES.get(type);
    if (elementBytes == null) {
      throw malformed(name, "dtype " + type, "known are " + String.join(", ", knownTypes()));
    }
    List<Long> extents = numbers(line, "shape");
    List<Long> offsets = numbers(line, "data_offsets");
    if (extents.size() > MOST_EXTENTS || offsets.size() != 2) {
      String found = extents.size() + " extents and " + offsets.size() + " offsets";
      throw malformed(name, found, "a tensor has few extents and two offsets");
    }
    Entry entry = new Entry(name, type, extents, offsets.getFirst(), offsets.getLast());
    requireSize(entry, elementBytes);
    return entry;
  }

  private void requireSize(Entry entry, int elementBytes) {
    long needed;
    try {
      needed = entry.extents().stream().reduce((long) elementBytes, Math::multiplyExact);
    } catch (ArithmeticException overflow) {
      throw malformed(entry.name(), "shape " + entry.extents(), "no file is so large");
    }
    if (entry.to() - entry.from() != needed) {
      String found =
          "%d bytes for shape %s of %s"
              .formatted(entry.to() - entry.from(), entry.extents(), entry.type());
      throw malformed(entry.name(), found, needed + " are needed; the file is damaged");
    }
  }

  private List<Long> numbers(JsonObject line, String key) {
    if (!line.has(key)) {
      throw line.malformed(key, "no such key", "the file is damaged; fetch it again");
    }
    List<Long> numbers = new ArrayList<>();
    for (@Nullable Object element : line.list(key)) {
      if (!(element instanceof Long number) || number < 0) {
        throw line.malformed(key, String.valueOf(element), "it must be a non-negative integer");
      }
      numbers.add(number);
    }
    return numbers;
  }

  private static List<String> knownTypes() {
    return ELEMENT_BYTES.keySet().stream().sorted().toList();
  }

  private MalformedFileException malformed(String field, String found, String remedy) {
    return new MalformedFileException(file, field, found, remedy);
  }
}
