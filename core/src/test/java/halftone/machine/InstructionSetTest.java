package halftone.machine;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// What may run here, beside what the operating system says.
class InstructionSetTest {
  private static final Path CPU = Path.of("/proc/cpuinfo");

  @Test
  void theBestIsWhatTheSystemLists() throws IOException {
    assumeTrue(Files.exists(CPU), "no /proc/cpuinfo");
    String flags = Files.readString(CPU);
    boolean all =
        flags.contains(" avx512f ")
            && flags.contains(" avx512bw ")
            && flags.contains(" avx512vl ")
            && flags.contains(" avx512_vnni ");
    assertThat(InstructionSet.best() == InstructionSet.AVX512_VNNI).isEqualTo(all);
  }

  @Test
  void oneIsChosenByName() {
    assertThat(InstructionSet.choose("none")).isEqualTo(InstructionSet.NONE);
    assertThat(InstructionSet.choose(null)).isEqualTo(InstructionSet.best());
    assertThatThrownBy(() -> InstructionSet.choose("avx"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("halftone.instructions is 'none' or 'avx512-vnni', not 'avx'");
  }

  @Test
  void machineCodeRuns() throws Throwable {
    assumeTrue(InstructionSet.best() != InstructionSet.NONE, "no machine code here");
    Assembler sum = new Assembler();
    sum.mov(Register.RAX, Register.RDI);
    sum.add(Register.RAX, Register.RSI);
    sum.ret();
    FunctionDescriptor type = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG);
    long result = (long) MachineCode.function(sum.code(), type).invokeExact(40L, 2L);
    assertThat(result).isEqualTo(42);
  }
}
