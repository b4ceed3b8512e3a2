package halftone.app;

import java.io.PrintStream;

/// Says so when the user stops the program. The virtual machine itself ends with 130 on Ctrl-C.
final class Interruption {
  private volatile boolean armed = true;

  private Interruption() {}

  static Interruption watch(PrintStream err) {
    Interruption interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> interruption.report(err)));
    return interruption;
  }

  /// The program is about to end by itself.
  void disarm() {
    armed = false;
  }

  private void report(PrintStream err) {
    if (armed) {
      err.printf("%nhalftone: stopped; no file was written, finished work is kept%n");
      err.flush();
    }
  }
}
