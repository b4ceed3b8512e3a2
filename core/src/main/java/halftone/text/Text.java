package halftone.text;

import java.util.List;

/// One of the three texts: sections in order. Tokens and chunks never cross from one section into
/// the next.
public record Text(String name, List<Section> sections) {
  public Text {
    sections = List.copyOf(sections);
    if (sections.stream().allMatch(section -> section.text().isBlank())) {
      throw new IllegalArgumentException(name + ": holds no text; give a file with some");
    }
  }

  /// A text of a single section, its kind being its name.
  public static Text of(String name, String text) {
    return new Text(name, List.of(new Section(name, name, text)));
  }

  /// Its length in UTF-8.
  public long bytes() {
    return sections.stream().mapToLong(section -> section.utf8().length).sum();
  }

  /// SHA-256 of its sections' UTF-8 bytes one after another, in hexadecimal: of a whole file, the
  /// file's own.
  public String sha256() {
    Sha256 digest = new Sha256();
    sections.forEach(section -> digest.add(section.utf8()));
    return digest.hex();
  }
}
