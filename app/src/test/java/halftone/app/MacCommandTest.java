package halftone.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MacCommandTest {
  private final Terminal terminal = new Terminal();

  @Test
  void everyPairOfFormatsHasALine() {
    assertThat(terminal.run("mac", "--weights", "INT4,E2M1", "--inputs", "INT8,E4M3")).isZero();
    assertThat(terminal.out().lines()).hasSize(5);
    assertThat(terminal.out()).contains("24 bits").contains("accumulator");
    assertThat(terminal.run("mac", "--weights", "E2M1", "--length", 64, "--json")).isZero();
    assertThat(terminal.out()).contains("\"accumulator_bits\":15").contains("\"inputs\":\"E2M1\"");
  }

  @Test
  void whatHasNoExactSumIsRefused() {
    assertThat(terminal.run("mac", "--weights", "NF4")).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("NF4");
    assertThat(terminal.run("mac", "--weights", "E9M9")).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("there are E1M1");
    assertThat(terminal.run("mac", "--length", 0)).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("a dot product has terms, not 0");
  }
}
