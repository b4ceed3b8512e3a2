package halftone.app;

/// What the process tells its caller. Documented in `docs/exit-codes.md`.
final class ExitCode {
  /// Done.
  static final int OK = 0;

  /// Something in the input or on the disk: a broken file, too little text, no space left.
  static final int FAILED = 1;

  /// The command line itself: an unknown option, a value that is no number.
  static final int USAGE = 2;

  /// The budget cannot be met; the message names the smallest one that can.
  static final int INFEASIBLE = 3;

  /// A defect of Halftone, with a stack trace to report.
  static final int DEFECT = 70;

  /// Stopped by Ctrl-C; finished work is in the store.
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
