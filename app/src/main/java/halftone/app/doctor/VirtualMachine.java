package halftone.app.doctor;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import com.sun.management.VMOption.Origin;
import halftone.kernel.VectorUnit;
import halftone.machine.InstructionSet;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the virtual machine makes of the CPU.
///
/// @param vectorBits of the vectors it prefers; 0 without the Vector API
/// @param compiler what `java.vm.info` says, such as "mixed mode, sharing"
/// @param refusal why the system runs no machine code of ours, or null
record VirtualMachine(int vectorBits, String compiler, @Nullable String refusal) {
  private static final String OPTIONS =
      "take -XX:UseAVX, -XX:MaxVectorSize and the like out of HALFTONE_JAVA_OPTIONS and JAVA_TOOL_OPTIONS";

  /// The one of this process. Without the Vector API it is not asked for machine code: that would
  /// have Java complain of a start without our options in its own words.
  static VirtualMachine here() {
    int bits = VectorUnit.bits();
    String refusal = bits == 0 ? null : InstructionSet.refusal();
    return new VirtualMachine(bits, System.getProperty("java.vm.info", ""), refusal);
  }

  /// A flag of HotSpot's, if it has one of this name.
  static Optional<VMOption> flag(String name) {
    HotSpotDiagnosticMXBean hotSpot =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    try {
      return hotSpot == null ? Optional.empty() : Optional.of(hotSpot.getVMOption(name));
    } catch (IllegalArgumentException unknown) {
      return Optional.empty();
    }
  }

  /// Whether somebody gave a flag: HotSpot itself chooses 256 bits on CPUs that 512 slow down.
  private static boolean isGiven(String name) {
    return flag(name)
        .filter(flag -> flag.getOrigin() != Origin.DEFAULT && flag.getOrigin() != Origin.ERGONOMIC)
        .isPresent();
  }

  /// Whether machine code of this width was chosen: then the vectors are narrow for a comparison.
  private boolean isAsWideAsMachineCode() {
    return InstructionSet.chosen() != InstructionSet.best()
        && vectorBits == Byte.SIZE * InstructionSet.chosen().vectorBytes();
  }

  /// Whatever makes the kernels slow or impossible on this CPU; quick to find out, so that every
  /// command that computes can look first.
  List<Remark> remarks(Processor processor) {
    List<Remark> remarks = new ArrayList<>();
    if (vectorBits == 0) {
      remarks.add(
          new Remark(
              Verdict.MISSING,
              "the Vector API is missing: nothing can be computed",
              "start with ./halftone, or give java the option --add-modules jdk.incubator.vector"));
      return remarks;
    }
    if (compiler.contains("interpreted") || compiler.contains("emulated-client")) {
      remarks.add(
          new Remark(
              Verdict.MISSING,
              "the optimizing compiler is off (" + compiler + "): about a hundred times too slow",
              "take -Xint and -XX:TieredStopAtLevel out of the java options"));
    }
    if (refusal != null) {
      remarks.add(
          new Remark(
              Verdict.LIMITED,
              "no machine code, products in integers are slow: " + refusal,
              "let this process make memory executable, and give java --enable-native-access=ALL-UNNAMED"));
    }
    Remark width = width(processor);
    if (width != null) {
      remarks.add(width);
    }
    return remarks;
  }

  private @Nullable Remark width(Processor processor) {
    int possible = processor.vectorBits();
    if (vectorBits < 256
        && flag("UseFMA").filter(flag -> flag.getValue().equals("false")).isPresent()) {
      return new Remark(
          Verdict.MISSING,
          "no fused multiply-add, vectors of %d bits: about a hundred times too slow"
              .formatted(vectorBits),
          processor.has("FMA") ? OPTIONS : "use a machine whose CPU has AVX2 and FMA, or NEON");
    }
    boolean isNarrowed = isGiven("UseAVX") || isGiven("MaxVectorSize");
    if (vectorBits < possible && isNarrowed && !isAsWideAsMachineCode()) {
      return new Remark(
          Verdict.LIMITED,
          "narrow vectors: %d bits of the CPU's %d are used".formatted(vectorBits, possible),
          OPTIONS);
    }
    return null;
  }
}
