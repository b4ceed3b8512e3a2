package halftone.app;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Where a command writes: answers to `out`, progress and errors to `err`; and where it reads what
/// is not named on the command line.
///
/// @param terminal whether a person watches `err` and writes `in`, so that a progress line may move
record Console(PrintStream out, PrintStream err, boolean terminal, InputStream in) {
  /// With nothing to read.
  Console(PrintStream out, PrintStream err, boolean terminal) {
    this(out, err, terminal, InputStream.nullInputStream());
  }

  /// The process's own streams, in UTF-8 whatever the locale: a redirected table is the same
  // everywhere.
  static Console standard() {
    boolean terminal = System.console() != null && System.console().isTerminal();
    return new Console(
        stream(FileDescriptor.out, false), stream(FileDescriptor.err, true), terminal, System.in);
  }

  private static PrintStream stream(FileDescriptor descriptor, boolean flushed) {
    BufferedOutputStream buffered = new BufferedOutputStream(new FileOutputStream(descriptor));
    return new PrintStream(buffered, flushed, StandardCharsets.UTF_8);
  }

  /// To be closed when the last step is done.
  ProgressBar progress() {
    return new ProgressBar(err, terminal);
  }
}
