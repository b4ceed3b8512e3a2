package halftone.model;

import halftone.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// A model in several GGUF files, opened by any of them: the first holds all metadata, each its
/// share of the tensors. They are checked against each other, and seen as one file.
final class SplitFile {
  private SplitFile() {}

  /// Whether a file says that it is one part of several.
  static boolean isPart(GgufFile file) {
    return file.keys().intOr(SplitKeys.COUNT, 1) > 1;
  }

  /// The whole model of which `part` is one file.
  ///
  /// @param arena where the other parts are mapped, and the given one is
  /// @throws NoSuchFileException naming the part that is missing
  /// @throws MalformedFileException when the parts are not of one model
  static GgufFile open(GgufFile part, Arena arena) throws IOException {
    SplitName name = name(part);
    List<GgufFile> parts = new ArrayList<>();
    for (int i = 1; i <= name.count(); i++) {
      Path path = name.path(i);
      if (i == name.part()) {
        parts.add(part);
        continue;
      }
      if (!Files.exists(path)) {
        throw new NoSuchFileException(
            path.toString(),
            null,
            "part %d of %d of the model is missing; put all parts into one folder"
                .formatted(i, name.count()));
      }
      parts.add(GgufReader.parse(path, arena, GgufReader.map(path, arena)));
    }
    return join(part.path(), parts, arena);
  }

  /// What the file's name says, which must be what its keys say.
  private static SplitName name(GgufFile part) {
    Metadata keys = part.keys();
    int count = keys.requireInt(SplitKeys.COUNT);
    int number = keys.requireInt(SplitKeys.NUMBER);
    String due = "-%05d-of-%05d.gguf".formatted(number + 1L, count);
    return SplitName.of(part.path())
        .filter(name -> name.part() == number + 1L && name.count() == count)
        .orElseThrow(
            () ->
                keys.malformed(
                    SplitKeys.NUMBER,
                    "part %d of %d".formatted(number + 1L, count),
                    "the others are found by name: end this file's in " + due));
  }

  /// Sees files as one.
  ///
  /// @param path what the user named
  /// @param parts all, in order
  /// @throws MalformedFileException naming the part that does not belong
  static GgufFile join(Path path, List<GgufFile> parts, Arena arena) {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    long headerBytes = 0;
    for (int i = 0; i < parts.size(); i++) {
      GgufFile part = parts.get(i);
      require(part, SplitKeys.COUNT, parts.size());
      require(part, SplitKeys.NUMBER, i);
      headerBytes = Math.addExact(headerBytes, part.headerBytes());
      for (Tensor tensor : part.tensors().values()) {
        if (tensors.put(tensor.name(), tensor) != null) {
          throw part.keys()
              .malformed(
                  "tensor " + tensor.name(),
                  "the name a second time",
                  "an earlier part has it too: these are parts of different models");
        }
      }
    }
    GgufFile first = parts.getFirst();
    requireAll(first, tensors.size());
    GgufHeader header =
        new GgufHeader(
            first.version(),
            SplitKeys.without(first.metadata()),
            List.of(),
            first.alignment(),
            headerBytes);
    return new GgufFile(path, parts.stream().map(GgufFile::path).toList(), arena, header, tensors);
  }

  private static void require(GgufFile part, String key, int expected) {
    int found = part.keys().requireInt(key);
    if (found != expected) {
      throw part.keys()
          .malformed(
              key,
              String.valueOf(found),
              "it should be %d here: fetch it again".formatted(expected));
    }
  }

  private static void requireAll(GgufFile first, int tensors) {
    int promised = first.keys().intOr(SplitKeys.TENSORS, tensors);
    if (promised != tensors) {
      throw first
          .keys()
          .malformed(
              SplitKeys.TENSORS,
              String.valueOf(promised),
              "the parts hold %d: they are of different models".formatted(tensors));
    }
  }
}
