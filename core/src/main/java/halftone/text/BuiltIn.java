package halftone.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The project's own small mix, written for it: one file per kind and role, nothing shared between
/// roles. It is enough to try things out and to cover many kinds of token; for numbers to rely on,
/// give texts of your own.
public record BuiltIn(Role role) implements TextSource {
  /// The kinds of every role: continuous prose, programs, chats, other languages and scripts, sums
  /// and lists.
  public static final List<String> KINDS = List.of("prose", "code", "dialogue", "scripts", "maths");

  @Override
  public Text read() throws IOException {
    List<Section> sections = new ArrayList<>();
    for (String kind : KINDS) {
      String name = "builtin/" + role.id() + "/" + kind + ".txt";
      sections.add(new Section(name, kind, resource(name)));
    }
    return new Text(name(), sections);
  }

  /// The name of the text, as a manifest has it.
  public String name() {
    return "builtin/" + role.id();
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
