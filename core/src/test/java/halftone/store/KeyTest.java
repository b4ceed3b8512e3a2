package halftone.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyTest {
  @Test
  void hashesAsSha256Does() {
    assertThat(ContentHash.of("abc".getBytes(StandardCharsets.UTF_8)).hex())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(ContentHash.of(new byte[0]).hex())
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  @Test
  void hashesAMillionTimesTheLetterAOutsideTheHeap() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(1_000_000).fill((byte) 'a');
      assertThat(ContentHash.of(bytes).hex())
          .isEqualTo("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }
  }

  @Test
  void hashesMoreThanOneSlice() {
    byte[] bytes = new byte[(1 << 24) + 5];
    bytes[bytes.length - 1] = 1;
    ContentHash whole = ContentHash.of(bytes);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(bytes.length);
      MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
      assertThat(ContentHash.of(copy)).isEqualTo(whole);
    }
    bytes[bytes.length - 1] = 2;
    assertThat(ContentHash.of(bytes)).isNotEqualTo(whole);
  }

  @Test
  void differsWhereverInputsDiffer() {
    List<Key> keys =
        List.of(
            Key.of("k").key(),
            Key.of("k").with("a", "bc").key(),
            Key.of("k").with("ab", "c").key(),
            Key.of("k").with("a", "b").with("c", "").key(),
            Key.of("k").with("a", "b").with("", "c").key(),
            Key.of("k").with("a", 1L).key(),
            Key.of("k").with("a", 1.0).key(),
            Key.of("k").with("a", "1").key(),
            Key.of("k").with("a", "bc".getBytes(StandardCharsets.UTF_8)).key(),
            Key.of("j").with("a", "bc").key());
    assertThat(keys).doesNotHaveDuplicates();
    assertThat(Key.of("k").with("a", "bc").key()).isEqualTo(keys.get(1));
  }

  @Test
  void staysTheSameForEver() {
    assertThat(Key.of("k").with("a", 1L).key().inputs()).isEqualTo(sha256OfLabelledOne());
    assertThatThrownBy(() -> new ContentHash("abc")).hasMessageContaining("64");
  }

  /// Length and bytes of the name, the type, length and bytes of the value; all big-endian.
  private static ContentHash sha256OfLabelledOne() {
    byte[] canonical = {0, 0, 0, 1, 'a', 0, 'l', 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1};
    return ContentHash.of(canonical);
  }
}
