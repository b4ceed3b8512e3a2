package halftone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.numeric.NumberFormat;
import halftone.numeric.NumberFormats;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Param;

class SampleRowsTest {
  /// An annotation must spell its list; this finds a format that was forgotten.
  @Test
  void everyWeightFormatIsMeasured() throws NoSuchFieldException {
    Param formats = SampleRows.class.getField("format").getAnnotation(Param.class);
    assertThat(formats.value())
        .containsExactlyElementsOf(
            NumberFormats.weightFormats().stream().map(NumberFormat::id).toList());
  }
}
