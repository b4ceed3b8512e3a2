package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.llamacpp.CardVectors;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GridCodebookTest {
  private static final Map<GridCodebook, Integer> CARD =
      Map.of(
          GridCodebook.IQ2_XXS, 0x9924ff02,
          GridCodebook.IQ2_XS, 0xfa1e1bfd,
          GridCodebook.IQ2_S, 0x25ae5bf1,
          GridCodebook.IQ3_XXS, 0x07ba9ed0,
          GridCodebook.IQ3_S, 0xf576e4f3,
          GridCodebook.IQ1, 0xb85e6ccf);

  @ParameterizedTest
  @EnumSource
  void holdsTheFormatsPoints(GridCodebook codebook) {
    byte[] points = codebook.readPoints();
    assertThat(points).hasSize(codebook.size() * codebook.arity());
    assertThat(CardVectors.crc(points)).isEqualTo(CARD.get(codebook));
  }

  @ParameterizedTest
  @EnumSource(names = {"IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS"})
  void evenSumsMakeEvenLattices(GridCodebook codebook) {
    byte[] levels = codebook.readLevels();
    for (int entry = 0; entry < codebook.size(); entry++) {
      int sum = 0;
      for (int j = 0; j < codebook.arity(); j++) {
        sum += levels[entry * codebook.arity() + j];
      }
      assertThat(sum % 2).isZero();
    }
  }
}
