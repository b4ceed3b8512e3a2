package halftone.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Text that the project brings: one file per kind and role, nothing shared between roles.
public record BuiltIn(Collection collection, Role role) implements TextSource {
  /// The kinds of every role of the mix: continuous prose, programs, chats, other languages and
  /// scripts, sums and lists.
  public static final List<String> KINDS = List.of("prose", "code", "dialogue", "scripts", "maths");

  /// Texts that belong together.
  public enum Collection {
    /// A small mix written for the project, 40 kB. It is enough to try things out and to cover many
    /// kinds of token; for numbers to rely on, give texts of your own.
    MIX("builtin", KINDS),

    /// Public-domain English, 800 kB, for the built-in model: calibration is part of what it was
    /// trained on, allocation and verification are what it was not (State of the Union addresses
    /// from 2010 on, the last chapters of Moby-Dick).
    CORPUS("builtin-corpus", List.of("novel", "speeches"));

    private final String folder;
    private final List<String> kinds;

    Collection(String folder, List<String> kinds) {
      this.folder = folder;
      this.kinds = kinds;
    }

    /// Files of each role, by name.
    public List<String> kinds() {
      return kinds;
    }
  }

  /// A text of the mix.
  public BuiltIn(Role role) {
    this(Collection.MIX, role);
  }

  /// The text that [#name] calls so.
  public static Optional<BuiltIn> named(String name) {
    return Arrays.stream(Collection.values())
        .flatMap(each -> Arrays.stream(Role.values()).map(role -> new BuiltIn(each, role)))
        .filter(text -> text.name().equals(name))
        .findFirst();
  }

  @Override
  public Text read() throws IOException {
    List<Section> sections = new ArrayList<>();
    for (String kind : collection.kinds) {
      String name = name() + "/" + kind + ".txt";
      sections.add(new Section(name, kind, resource(name)));
    }
    return new Text(name(), sections);
  }

  /// The name of the text, as a manifest has it: `builtin/calibration`.
  public String name() {
    return collection.folder + "/" + role.id();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = BuiltIn.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(
            name + " is missing from the program's own resources; build it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
