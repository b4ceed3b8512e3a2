package halftone.recipe;

import halftone.numeric.WeightFormat;
import java.util.regex.Pattern;

/// A format fixed by the user for every tensor whose name the pattern is found in.
public record Pin(Pattern pattern, WeightFormat format) {
  public boolean matches(String tensor) {
    return pattern.matcher(tensor).find();
  }
}
