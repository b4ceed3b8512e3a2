package halftone.model;

import halftone.numeric.NumberFormat;
import halftone.tensor.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/// Parses and checks what stands before the tensors. Source: the GGUF specification in the
/// documents of ggml-org/ggml, and the refusals of its reference reader.
final class GgufHeaderReader {
  private static final long MAGIC = 0x46554747L;
  private static final int LEAST_KEY_BYTES = 8 + 4 + 1;
  private static final int LEAST_TENSOR_BYTES = 8 + 4 + 8 + 4 + 8;
  private static final int LONGEST_KEY = 65_535;
  private static final int LONGEST_NAME = 63;
  private static final int MOST_EXTENTS = 4;

  private final GgufCursor in;

  GgufHeaderReader(GgufCursor in) {
    this.in = in;
  }

  GgufHeader read() {
    int version = version();
    long tensors = in.count("tensor count", LEAST_TENSOR_BYTES);
    long keys = in.count("metadata count", LEAST_KEY_BYTES);
    SequencedMap<String, GgufValue> metadata = metadata(keys);
    int alignment = alignment(metadata);
    List<GgufHeader.Entry> entries = entries(tensors, alignment);
    long dataStart = GgufHeader.align(in.position(), alignment);
    return new GgufHeader(version, metadata, entries, alignment, dataStart);
  }

  private int version() {
    String start = in.peek(Integer.BYTES);
    if (in.u32("magic") != MAGIC) {
      throw in.malformed("magic", "the bytes " + start, "a GGUF file starts with GGUF; give one");
    }
    long version = in.u32("version");
    if (version != 0 && (version & 0xFFFF) == 0) {
      String found = "version " + Integer.reverseBytes((int) version) + " in big-endian byte order";
      throw in.malformed("version", found, "endianness mismatch: give the little-endian file");
    }
    if (version != 2 && version != 3) {
      String remedy = "versions 2 and 3 are read; convert the original model again";
      throw in.malformed("version", String.valueOf(version), remedy);
    }
    return (int) version;
  }

  private SequencedMap<String, GgufValue> metadata(long count) {
    SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      String key = in.text("key " + i);
      if (key.isEmpty() || key.length() > LONGEST_KEY) {
        String found = "a key of " + key.length() + " characters";
        throw in.malformed("key " + i, found, "keys have 1 to 65535; the file is damaged");
      }
      GgufType type = in.type(key);
      if (metadata.put(key, in.value(key, type)) != null) {
        throw in.malformed(key, "the key a second time", "keys must differ; write the file again");
      }
    }
    return metadata;
  }

  private int alignment(SequencedMap<String, GgufValue> metadata) {
    GgufValue stored = metadata.get(GgufFile.ALIGNMENT);
    if (stored == null) {
      return GgufFile.DEFAULT_ALIGNMENT;
    }
    if (stored instanceof GgufValue.U32(long value)
        && Long.bitCount(value) == 1
        && value <= Integer.MAX_VALUE) {
      return (int) value;
    }
    String found =
        stored instanceof GgufValue.U32(long value)
            ? String.valueOf(value)
            : "a value of type " + GgufType.of(stored);
    throw in.malformed(GgufFile.ALIGNMENT, found, "it must be a UINT32 power of two");
  }

  private List<GgufHeader.Entry> entries(long count, int alignment) {
    List<GgufHeader.Entry> entries = new ArrayList<>();
    Set<String> names = new HashSet<>();
    long next = 0;
    for (long i = 0; i < count; i++) {
      GgufHeader.Entry entry = entry(i);
      if (!names.add(entry.info().name())) {
        throw in.malformed(
            "tensor " + entry.info().name(), "the name a second time", "tensor names must differ");
      }
      next = requireOffset(entry, next, alignment);
      entries.add(entry);
    }
    return entries;
  }

  private GgufHeader.Entry entry(long index) {
    String name = in.text("name of tensor " + index);
    if (name.isEmpty() || GgufText.encode(name).length > LONGEST_NAME) {
      throw in.malformed(
          "name of tensor " + index,
          "'" + name + "'",
          "names have 1 to 63 bytes; rename the tensor");
    }
    String field = "tensor " + name;
    Shape shape = shape(field);
    NumberFormat format = format(field);
    if (!format.layout().divides(shape.columns())) {
      String found = "rows of %d in %s".formatted(shape.columns(), format.id());
      String remedy = "they must be a multiple of " + format.layout().weights();
      throw in.malformed(field, found, remedy);
    }
    long offset = in.i64(field + " offset");
    TensorInfo info = new TensorInfo(name, shape, format);
    return new GgufHeader.Entry(info, offset, bytes(field, info));
  }

  private Shape shape(String field) {
    long count = in.u32(field);
    if (count < 1 || count > MOST_EXTENTS) {
      throw in.malformed(field, count + " dimensions", "1 to 4 are allowed; the file is damaged");
    }
    long[] extents = new long[(int) count];
    for (int i = 0; i < count; i++) {
      extents[i] = in.i64(field);
    }
    requireCountable(field, extents);
    return Shape.of(extents);
  }

  private void requireCountable(String field, long[] extents) {
    String found = "extents " + java.util.Arrays.toString(extents);
    try {
      long elements = 1;
      for (long extent : extents) {
        if (extent < 1) {
          throw in.malformed(field, found, "extents are at least 1; the file is damaged");
        }
        elements = Math.multiplyExact(elements, extent);
      }
      Math.toIntExact(extents[0]);
    } catch (ArithmeticException tooLarge) {
      throw in.malformed(field, found, "that is too large; the file is damaged");
    }
  }

  private NumberFormat format(String field) {
    long id = in.u32(field);
    GgmlType type =
        GgmlType.withId(id)
            .orElseThrow(
                () -> in.malformed(field, "the tensor type " + id, GgmlType.adviceFor(id)));
    return type.format();
  }

  private long bytes(String field, TensorInfo info) {
    try {
      return info.bytes();
    } catch (ArithmeticException tooLarge) {
      throw in.malformed(
          field, "extents " + info.shape(), "that is too large; the file is damaged");
    }
  }

  /// Offsets are not free: each is the sum of the padded sizes before it. Gives the next one.
  private long requireOffset(GgufHeader.Entry entry, long expected, int alignment) {
    String field = "tensor " + entry.info().name();
    if (entry.offset() != expected) {
      String found = "offset " + Long.toUnsignedString(entry.offset());
      throw in.malformed(field, found, "the tensors before it end at " + expected);
    }
    try {
      return GgufHeader.align(Math.addExact(expected, entry.bytes()), alignment);
    } catch (ArithmeticException tooLarge) {
      throw in.malformed(field, entry.bytes() + " bytes", "that is too large; the file is damaged");
    }
  }
}
