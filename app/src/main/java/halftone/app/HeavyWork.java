package halftone.app;

import halftone.app.doctor.Examination;
import halftone.app.doctor.Remark;
import halftone.kernel.VectorUnit;
import halftone.machine.InstructionSet;
import java.io.PrintStream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/// Runs the command, and before one that computes (it has `--threads`) says in a line each what
/// keeps the kernels from their speed. Without the Vector API such a command is refused, and so it
/// is with instructions that do not run here.
record HeavyWork(PrintStream err) implements IExecutionStrategy {
  @Override
  public int execute(ParseResult parsed) {
    return isHeavy(parsed) && !canCompute() ? ExitCode.FAILED : new RunLast().execute(parsed);
  }

  private static boolean isHeavy(ParseResult parsed) {
    CommandLine last = parsed.asCommandLineList().getLast();
    return last.getCommandSpec().findOption("--threads") != null && !last.isUsageHelpRequested();
  }

  private boolean canCompute() {
    if (VectorUnit.isPresent()) {
      try {
        InstructionSet.chosen();
      } catch (IllegalArgumentException unknown) {
        err.println("halftone: " + unknown.getMessage());
        return false;
      }
    }
    for (Remark remark : Examination.ofKernels()) {
      err.printf(
          "halftone: WARNING: %s; %s; 'halftone doctor' tells more%n",
          remark.problem(), remark.remedy());
    }
    return VectorUnit.isPresent();
  }
}
