package halftone.machine;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What may run here, beside what the operating system says.
class InstructionSetTest {
  private static final Path CPU = Path.of("/proc/cpuinfo");

  @Test
  void theBestIsWhatTheSystemLists() throws IOException {
    assumeTrue(Files.exists(CPU), "no /proc/cpuinfo");
    String flags = Files.readString(CPU);
    boolean avx2 = Stream.of("avx2", "fma", "f16c").allMatch(each -> has(flags, each));
    boolean avx512 =
        Stream.of("avx512f", "avx512bw", "avx512vl", "avx512_vnni")
            .allMatch(each -> has(flags, each));
    List<InstructionSet> usable = InstructionSet.usable();
    assertThat(usable).startsWith(InstructionSet.NONE).isSorted();
    assertThat(usable.contains(InstructionSet.AVX2)).isEqualTo(avx2);
    assertThat(usable.contains(InstructionSet.AVX_VNNI))
        .isEqualTo(has(flags, "avx_vnni") || avx512);
    assertThat(usable.contains(InstructionSet.AVX512_VNNI)).isEqualTo(avx512);
    assertThat(InstructionSet.hasVexVnni()).isEqualTo(has(flags, "avx_vnni"));
    assertThat(InstructionSet.best()).isEqualTo(usable.getLast());
  }

  private static boolean has(String flags, String flag) {
    return flags.contains(" " + flag + " ");
  }

  @Test
  void oneIsChosenByName() {
    List<InstructionSet> old = List.of(InstructionSet.NONE, InstructionSet.AVX2);
    assertThat(InstructionSet.choose(null, old)).isEqualTo(InstructionSet.AVX2);
    assertThat(InstructionSet.choose("none", old)).isEqualTo(InstructionSet.NONE);
    assertThat(InstructionSet.choose("avx2", old)).isEqualTo(InstructionSet.AVX2);
    assertThatThrownBy(() -> InstructionSet.choose("avx512-vnni", old))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("halftone.instructions: this machine has no avx512-vnni");
    assertThatThrownBy(() -> InstructionSet.choose("avx", old))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "halftone.instructions is 'none' or 'avx2' or 'avx-vnni' or 'avx512-vnni', not 'avx'");
  }

  @Test
  void machineCodeRuns() throws Throwable {
    assumeTrue(InstructionSet.best() != InstructionSet.NONE, "no machine code here");
    Assembler sum = new Assembler(InstructionSet.NONE);
    sum.mov(Register.RAX, Register.RDI);
    sum.add(Register.RAX, Register.RSI);
    sum.ret();
    FunctionDescriptor type = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG);
    long result = (long) MachineCode.function(sum.code(), type).invokeExact(40L, 2L);
    assertThat(result).isEqualTo(42);
  }
}
