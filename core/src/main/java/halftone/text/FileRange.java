package halftone.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A UTF-8 file, or a range of its bytes, as it stands: line ends and all.
///
/// Written `FILE`, `FILE@FROM-TO` or `FILE@FROM-`: FROM inclusive, TO exclusive, a negative number
/// counting from the end. So `a.txt@0-300000`, `a.txt@300000--150000` and `a.txt@-150000-` are the
/// first 300,000 bytes, the last 150,000 and what lies between. A bound inside a character moves
/// back to its first byte, both ends alike, so that adjacent ranges still meet.
///
/// @param from first byte, negative from the end
/// @param to byte after the last, negative from the end; empty for the end itself
public record FileRange(Path path, long from, OptionalLong to) implements TextSource {
  private static final Pattern RANGE = Pattern.compile("(.+)@(-?\\d{1,18})-(-?\\d{1,18})?");

  /// A whole file.
  public static FileRange whole(Path path) {
    return new FileRange(path, 0, OptionalLong.empty());
  }

  /// Reads the written form; see above.
  public static FileRange parse(String specification) {
    Matcher matcher = RANGE.matcher(specification);
    if (!matcher.matches()) {
      return whole(Path.of(specification));
    }
    String to = matcher.group(3);
    return new FileRange(
        Path.of(matcher.group(1)),
        Long.parseLong(matcher.group(2)),
        to == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(to)));
  }

  /// A range counted from the start of the file, before characters are looked at.
  record Bytes(long from, long to) {}

  @Override
  public Text read() throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      Bytes asked = resolve(channel.size());
      Bytes cut = new Bytes(boundary(channel, asked.from()), boundary(channel, asked.to()));
      String text = decode(bytes(channel, cut), cut.from());
      Section section = new Section(name(asked, channel.size()), fileName(), text);
      return new Text(section.name(), List.of(section));
    }
  }

  /// The range in a file of this many bytes.
  ///
  /// @throws IllegalArgumentException when it is empty or leaves the file
  Bytes resolve(long size) {
    long first = from < 0 ? size + from : from;
    long end = to.isEmpty() ? size : to.getAsLong() < 0 ? size + to.getAsLong() : to.getAsLong();
    if (first < 0 || end > size || first >= end) {
      throw new IllegalArgumentException(
          "%s: bytes %d to %d are not in a file of %d bytes; give a range inside it"
              .formatted(path, first, end, size));
    }
    return new Bytes(first, end);
  }

  private String fileName() {
    Path name = path.getFileName();
    return name == null ? path.toString() : name.toString();
  }

  private String name(Bytes range, long size) {
    boolean whole = range.from() == 0 && range.to() == size;
    return whole ? fileName() : fileName() + "@" + range.from() + "-" + range.to();
  }

  /// The first byte of the character that a position is in: at most three back.
  private static long boundary(FileChannel channel, long position) throws IOException {
    if (position == channel.size()) {
      return position;
    }
    long at = position;
    ByteBuffer one = ByteBuffer.allocate(1);
    while (at > 0 && at > position - 3) {
      channel.read(one.clear(), at);
      if ((one.get(0) & 0xC0) != 0x80) {
        return at;
      }
      at--;
    }
    return at;
  }

  private ByteBuffer bytes(FileChannel channel, Bytes range) throws IOException {
    long length = range.to() - range.from();
    if (length > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          path + ": " + length + " bytes are too many; give a range, " + path + "@0-1000000000");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, range.from() + bytes.position()) < 0) {
        throw new IOException(path + " became shorter while it was read");
      }
    }
    return bytes.flip();
  }

  private String decode(ByteBuffer bytes, long start) {
    CharBuffer text = CharBuffer.allocate(bytes.remaining());
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(bytes, text, true);
    if (result.isError()) {
      throw new IllegalArgumentException(
          "%s: byte %d is not UTF-8; convert the file to UTF-8"
              .formatted(path, start + bytes.position()));
    }
    return text.flip().toString();
  }
}
