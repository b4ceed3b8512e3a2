package halftone.app.doctor;

import java.nio.file.Path;
import java.util.List;

/// The JDK and what it runs on.
record JavaCheck() implements Check {
  @Override
  public Finding look(Path store) {
    return new Finding(
        "java",
        List.of(
            Fact.of("version", Runtime.version().toString()),
            Fact.of("machine", property("java.vm.name") + ", " + property("java.vendor")),
            Fact.of("home", property("java.home")),
            Fact.of(
                "system",
                "%s %s, %s"
                    .formatted(property("os.name"), property("os.version"), property("os.arch")))),
        List.of());
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }
}
