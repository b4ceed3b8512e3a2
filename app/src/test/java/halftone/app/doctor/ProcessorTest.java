package halftone.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ProcessorTest {
  @Test
  void readsLinuxOnX86() {
    Processor processor =
        Processor.parse(
            """
            processor\t: 0
            model name\t: AMD EPYC 9354
            flags\t\t: fpu sse2 fma f16c avx avx2 avx512f avx512bw avx512vl avx512_vnni
            processor\t: 1
            model name\t: another
            """);
    assertThat(processor.model()).isEqualTo("AMD EPYC 9354");
    assertThat(processor.instructionSets())
        .containsExactly(
            "AVX2", "FMA", "F16C", "AVX-512F", "AVX-512BW", "AVX-512VL", "AVX-512VNNI");
    assertThat(processor.vectorBits()).isEqualTo(512);
  }

  @Test
  void readsLinuxOnArm() {
    Processor processor =
        Processor.parse("processor: 0\nFeatures: fp asimd asimddp i8mm\nCPU part: 0xd0c\n");
    assertThat(processor.model()).isEqualTo("CPU part 0xd0c");
    assertThat(processor.instructionSets()).containsExactly("NEON", "dot product", "I8MM");
    assertThat(processor.vectorBits()).isEqualTo(128);
  }

  @Test
  void readsMacOs() {
    Processor processor =
        Processor.parseSysctl(
            """
            machdep.cpu.brand_string: Apple M2
            hw.optional.arm.FEAT_DotProd: 1
            hw.optional.arm.FEAT_I8MM: 1
            hw.optional.neon: 1
            hw.optional.avx2_0: 0
            """);
    assertThat(processor.model()).isEqualTo("Apple M2");
    assertThat(processor.instructionSets()).containsExactly("NEON", "dot product", "I8MM");
  }

  @Test
  void judgesVectorsByWhatTheProcessorHas() {
    Processor avx2 = new Processor("x", Set.of("avx2", "fma"));
    assertThat(new VirtualMachine(256, "mixed mode", null).remarks(avx2)).isEmpty();
    Processor neon = new Processor("x", Set.of("asimd"));
    assertThat(new VirtualMachine(128, "mixed mode", null).remarks(neon)).isEmpty();
    assertThat(new VirtualMachine(256, "interpreted mode", null).remarks(avx2))
        .extracting(Remark::verdict)
        .containsExactly(Verdict.MISSING);
    assertThat(new VirtualMachine(256, "mixed mode", "not allowed").remarks(avx2))
        .singleElement()
        .satisfies(
            remark -> {
              assertThat(remark.verdict()).isEqualTo(Verdict.LIMITED);
              assertThat(remark.problem()).contains("no machine code").contains("not allowed");
            });
    Processor avx512 = new Processor("x", Set.of("avx2", "fma", "avx512f"));
    assertThat(new VirtualMachine(256, "mixed mode", null).remarks(avx512)).isEmpty();
  }

  @Test
  void warnsOfAHeapBeyondTheMemory() {
    long giga = 1_000_000_000L;
    assertThat(MemoryCheck.finding(8 * giga, 2 * giga, giga, 3 * giga, "madvise").remarks())
        .extracting(Remark::remedy)
        .containsExactly("give a smaller heap: HALFTONE_JAVA_OPTIONS=-Xmx1430m");
    assertThat(MemoryCheck.finding(8 * giga, 8 * giga, giga, 3 * giga, "madvise").verdict())
        .isEqualTo(Verdict.FINE);
  }

  @Test
  void saysHowToHaveLargePages() {
    long giga = 1_000_000_000L;
    Finding finding = MemoryCheck.finding(8 * giga, 8 * giga, giga, 3 * giga, "never");
    assertThat(finding.verdict()).isEqualTo(Verdict.LIMITED);
    assertThat(finding.remarks()).extracting(Remark::remedy).asString().contains("echo madvise");
  }
}
