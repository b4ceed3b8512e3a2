package halftone.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// What text a file was made and judged with: goes into its metadata and its report, so that anyone
/// can check that the verification text was not used before. Names carry no folder.
///
/// @param entries one for each text that was used, in the order of [Role]
/// @param chunkTokens tokens of a chunk
/// @param seed what random choices of the run start from
public record TextManifest(List<Entry> entries, int chunkTokens, long seed) {
  /// One text.
  ///
  /// @param tokens tokens of the whole text
  /// @param chunks chunks of it that were run
  /// @param chunksSha256 of the tokens of those, see [Chunks#sha256]
  public record Entry(
      Role role,
      String name,
      long bytes,
      String sha256,
      long tokens,
      int chunks,
      String chunksSha256) {}

  public TextManifest {
    entries = List.copyOf(entries);
  }

  /// Describes texts and the chunks of them that were run.
  ///
  /// @param used chunks by role, all of one size; a role that is absent was not used
  /// @throws IllegalArgumentException when nothing was used or sizes differ
  public static TextManifest of(Texts texts, Map<Role, Chunks> used, long seed) {
    List<Entry> entries = new ArrayList<>();
    for (Role role : Role.values()) {
      Chunks chunks = used.get(role);
      if (chunks != null) {
        entries.add(entry(role, texts.of(role), chunks));
      }
    }
    long[] sizes = used.values().stream().mapToLong(Chunks::size).distinct().toArray();
    if (sizes.length != 1) {
      throw new IllegalArgumentException(
          "chunks of " + sizes.length + " sizes; a manifest describes chunks of one");
    }
    return new TextManifest(entries, (int) sizes[0], seed);
  }

  /// Describes one text, used without random choices.
  public static TextManifest of(Role role, Text text, Chunks used) {
    return new TextManifest(List.of(entry(role, text, used)), used.size(), 0);
  }

  private static Entry entry(Role role, Text text, Chunks chunks) {
    return new Entry(
        role,
        text.name(),
        text.bytes(),
        text.sha256(),
        chunks.available(),
        chunks.count(),
        chunks.sha256());
  }

  /// As maps, lists, strings and numbers, for JSON; keys in a fixed order.
  public SequencedMap<String, Object> toMap() {
    SequencedMap<String, Object> map = new LinkedHashMap<>();
    map.put("chunk_tokens", chunkTokens);
    map.put("seed", seed);
    map.put("texts", entries.stream().map(TextManifest::toMap).toList());
    return map;
  }

  private static SequencedMap<String, Object> toMap(Entry entry) {
    SequencedMap<String, Object> map = new LinkedHashMap<>();
    map.put("role", entry.role().id());
    map.put("name", entry.name());
    map.put("bytes", entry.bytes());
    map.put("sha256", entry.sha256());
    map.put("tokens", entry.tokens());
    map.put("chunks", entry.chunks());
    map.put("chunks_sha256", entry.chunksSha256());
    return map;
  }

  /// SHA-256 over all of it, in hexadecimal: equal for equal texts, chunks and seed, on any
  /// machine.
  public String sha256() {
    Sha256 digest = new Sha256();
    digest.add(toMap().toString().getBytes(StandardCharsets.UTF_8));
    return digest.hex();
  }
}
