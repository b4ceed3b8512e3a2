package halftone.app;

import halftone.runtime.Arithmetic;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads what stands behind `--as`.
final class ArithmeticName implements ITypeConverter<Arithmetic> {
  static final String LABEL = "llama|exact|int8|fmpq|aBITS-UNIT";

  @Override
  public Arithmetic convert(String text) {
    try {
      return Arithmetic.parse(text);
    } catch (IllegalArgumentException unknown) {
      throw new TypeConversionException(unknown.getMessage());
    }
  }
}
