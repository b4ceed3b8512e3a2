package halftone.app;

import halftone.allocation.InfeasibleBudgetException;
import halftone.allocation.UnprovedException;
import halftone.allocation.UnreachableLossException;
import halftone.evidence.GradientsUnavailableException;
import halftone.model.MalformedFileException;
import halftone.model.UnsupportedModelException;
import halftone.store.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// The one place where an exception becomes a line on the error stream and an exit code.
final class Failures {
  private static final String MEMORY =
      "out of memory; give more with HALFTONE_JAVA_OPTIONS=-Xmx8g, or read less text";

  private Failures() {}

  /// What the user is told.
  ///
  /// @param exit one of [ExitCode]
  record Failure(int exit, String line) {}

  /// A command line that cannot be understood.
  static int usage(ParameterException wrong, String[] arguments) {
    CommandLine line = wrong.getCommandLine();
    // Of groups of options, picocli says "Error: " itself.
    print(line, message(wrong).replaceFirst("^Error: ", ""));
    PrintWriter err = line.getErr();
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err)) {
      err.println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
    }
    return ExitCode.USAGE;
  }

  /// A command that failed.
  static int execution(Exception thrown, CommandLine line, ParseResult arguments) {
    return report(thrown, line);
  }

  /// Prints what became of a command.
  static int report(Throwable thrown, CommandLine line) {
    Failure failure = of(thrown);
    line.getOut().flush();
    print(line, failure.line());
    if (failure.exit() == ExitCode.DEFECT) {
      thrown.printStackTrace(line.getErr());
    }
    return failure.exit();
  }

  private static void print(CommandLine line, String message) {
    String plain = "halftone: " + message.strip().replaceAll("\\p{Cntrl}+", " ");
    line.getErr().println(line.getColorScheme().errorText(plain));
  }

  static Failure of(Throwable thrown) {
    return switch (thrown) {
      case InfeasibleBudgetException _, UnreachableLossException _ ->
          new Failure(ExitCode.INFEASIBLE, message(thrown));
      case MalformedFileException _,
          UnsupportedModelException _,
          UnprovedException _,
          StoreException _ ->
          new Failure(ExitCode.FAILED, message(thrown));
      case GradientsUnavailableException _ ->
          new Failure(
              ExitCode.FAILED,
              message(thrown)
                  + "; everything but train and the metrics kronecker and first-order works without");
      case UncheckedIOException unchecked -> of(Objects.requireNonNull(unchecked.getCause()));
      case IOException disk -> new Failure(ExitCode.FAILED, disk(disk));
      case IllegalArgumentException _, ArithmeticException _ when isOurs(thrown) ->
          new Failure(ExitCode.FAILED, message(thrown));
      case OutOfMemoryError _ -> new Failure(ExitCode.FAILED, MEMORY);
      case InternalError fault when message(fault).contains("unsafe memory access") ->
          new Failure(
              ExitCode.FAILED,
              "a file that was being read became shorter or its disk failed; leave it alone and start again");
      default ->
          new Failure(
              ExitCode.DEFECT,
              "this is a defect of Halftone; please report it with the lines below: " + thrown);
    };
  }

  /// Whether one of our rooms refused its input, rather than the JDK ours.
  private static boolean isOurs(Throwable thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    return trace.length > 0
        && trace[0].getClassName().startsWith("halftone.")
        && !"/ by zero".equals(thrown.getMessage());
  }

  /// The JDK's file exceptions often say nothing but the name.
  private static String disk(IOException thrown) {
    return switch (thrown) {
      case NoSuchFileException file when file.getReason() == null ->
          file.getFile() + ": no such file";
      case AccessDeniedException file ->
          file.getFile() + ": access denied; change its permissions or choose another file";
      case FileSystemException file when file.getReason() == null ->
          file.getFile() + ": the file system refused (" + file.getClass().getSimpleName() + ")";
      default -> message(thrown);
    };
  }

  private static String message(Throwable thrown) {
    return Objects.requireNonNullElse(thrown.getMessage(), thrown.toString());
  }
}
