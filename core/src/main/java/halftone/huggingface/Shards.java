package halftone.huggingface;

import halftone.model.MalformedFileException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;

/// The weights of a folder: `model.safetensors`, or the shards that `model.safetensors.index.json`
/// lists.
///
/// @param files what was mapped, in a fixed order
/// @param tensors by their names in the files
record Shards(List<Path> files, SequencedMap<String, StoredTensor> tensors) {
  private static final String SINGLE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  /// Maps all files; they live as long as the arena.
  ///
  /// @throws NoSuchFileException naming what is missing: the weights, or one of the shards
  /// @throws MalformedFileException when a file breaks a rule of the format, or the index does not
  ///   describe the shards
  static Shards map(Path folder, Arena arena) throws IOException {
    Path single = folder.resolve(SINGLE);
    Path index = folder.resolve(INDEX);
    if (Files.exists(index)) {
      return indexed(folder, index, arena);
    }
    if (!Files.exists(single)) {
      throw new NoSuchFileException(
          single.toString(), null, "the folder holds neither it nor " + INDEX);
    }
    return new Shards(List.of(single), SafetensorsReader.map(single, arena));
  }

  private static Shards indexed(Path folder, Path index, Arena arena) throws IOException {
    JsonObject json = JsonObject.read(index);
    JsonObject names =
        json.object("weight_map")
            .orElseThrow(() -> json.malformed("weight_map", "no such key", "it must list shards"));
    Set<String> shards = new TreeSet<>();
    for (String tensor : names.values().keySet()) {
      shards.add(requirePlain(names, tensor));
    }
    List<Path> files = new ArrayList<>();
    SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
    for (String shard : shards) {
      Path file = folder.resolve(shard);
      if (!Files.exists(file)) {
        throw new NoSuchFileException(
            file.toString(), null, "a shard that " + index + " lists is missing; fetch it");
      }
      files.add(file);
      add(tensors, names, shard, SafetensorsReader.map(file, arena));
    }
    requireAll(names, tensors);
    requireTotal(json, tensors);
    return new Shards(List.copyOf(files), tensors);
  }

  /// A shard lies in the folder itself.
  private static String requirePlain(JsonObject names, String tensor) {
    String shard = names.requireText(tensor);
    if (shard.isEmpty() || shard.contains("/") || shard.contains("\\") || shard.equals("..")) {
      throw names.malformed(tensor, "'" + shard + "'", "it must name a file of the folder");
    }
    return shard;
  }

  private static void add(
      SequencedMap<String, StoredTensor> all,
      JsonObject names,
      String shard,
      SequencedMap<String, StoredTensor> tensors) {
    tensors.forEach(
        (name, tensor) -> {
          if (!names.text(name).map(shard::equals).orElse(false)) {
            String found = "tensor " + name + " in " + shard;
            throw names.malformed(name, found, "the index names another place; fetch both again");
          }
          all.put(name, tensor);
        });
  }

  private static void requireAll(JsonObject names, SequencedMap<String, StoredTensor> tensors) {
    for (String name : names.values().keySet()) {
      if (!tensors.containsKey(name)) {
        String found = "no such tensor in " + names.requireText(name);
        throw names.malformed(name, found, "index and shards do not belong together");
      }
    }
  }

  private static void requireTotal(JsonObject json, SequencedMap<String, StoredTensor> tensors) {
    long total = tensors.values().stream().mapToLong(tensor -> tensor.bytes().byteSize()).sum();
    json.object("metadata")
        .filter(metadata -> metadata.has("total_size"))
        .ifPresent(
            metadata -> {
              // Some writers give it as a real number.
              long promised = (long) metadata.realOr("total_size", 0);
              if (promised != total) {
                String found = promised + " bytes for shards of " + total;
                throw metadata.malformed("total_size", found, "fetch index and shards again");
              }
            });
  }
}
