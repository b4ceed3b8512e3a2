package halftone.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void numbersHaveFourSignificantDigits() {
    assertThat(Figures.number(0.0312345)).isEqualTo("0.03123");
    assertThat(Figures.number(84.2)).isEqualTo("84.20");
    assertThat(Figures.number(9.99996)).isEqualTo("10.00");
    assertThat(Figures.number(1234.4)).isEqualTo("1234");
    assertThat(Figures.number(1.2346e-7)).isEqualTo("1.235e-7");
    assertThat(Figures.number(-0.5)).isEqualTo("−0.5000");
    assertThat(Figures.number(0)).isEqualTo("0");
    assertThat(Figures.number(Double.NaN)).isEqualTo("–");
  }

  @Test
  void aValueIsAsFineAsItsError() {
    assertThat(Figures.estimate(0.0312345, 0.000412)).isEqualTo("0.03123 ± 0.00041");
    assertThat(Figures.estimate(17.91234, 0.31)).isEqualTo("17.91 ± 0.31");
    assertThat(Figures.estimate(0.5, 0)).isEqualTo("0.5000");
    assertThat(Figures.estimate(1, Double.NaN)).isEqualTo("1.000");
    assertThat(Figures.percent(0.8812, 0.0021)).isEqualTo("88.12 ± 0.21 %");
  }

  @Test
  void megabytesAreAMillionBytes() {
    assertThat(Figures.bytes(65_812_480)).isEqualTo("65.81 MB");
    assertThat(Figures.bytes(2304)).isEqualTo("2.304 kB");
    assertThat(Figures.bytes(999)).isEqualTo("999 B");
  }

  @Test
  void timesAreReadable() {
    assertThat(Figures.time(Duration.ofMillis(420))).isEqualTo("0.420 s");
    assertThat(Figures.time(Duration.ofSeconds(725))).isEqualTo("12 min 05 s");
    assertThat(Figures.time(Duration.ofSeconds(7380))).isEqualTo("2 h 03 min");
  }
}
