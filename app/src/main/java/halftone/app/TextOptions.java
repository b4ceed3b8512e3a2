package halftone.app;

import halftone.model.BuiltInModel;
import halftone.recipe.Effort;
import halftone.recipe.SelfText;
import halftone.text.BuiltIn;
import halftone.text.Role;
import halftone.text.TextSource;
import halftone.text.Texts;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options that name the three texts of a run.
final class TextOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--calibration",
      paramLabel = "T",
      description = "Text for importance and Grams; 'self' for text that the model writes itself.")
  private @Nullable String calibration;

  @Option(names = "--allocation", paramLabel = "T", description = "Text to choose by.")
  private @Nullable String allocation;

  @Option(names = "--verify", paramLabel = "T", description = "Text to prove on, read once.")
  private @Nullable String verification;

  @Option(names = "--text", paramLabel = "T", description = "One text to split into the three.")
  private @Nullable String text;

  @Nullable String calibration() {
    return calibration;
  }

  /// What the model is asked to write for its calibration itself, or null.
  @Nullable SelfText self(Effort effort) {
    return isSelfCalibrated() ? SelfText.of(effort) : null;
  }

  private boolean isSelfCalibrated() {
    return SelfText.WORD.equals(calibration);
  }

  /// The texts asked for, or those that the project brings: the built-in model has its own.
  Texts read(Path model) throws IOException {
    if (text != null) {
      if (calibration != null && !isSelfCalibrated()
          || allocation != null
          || verification != null) {
        throw wrong("give --text, or --calibration, --allocation and --verify, not both");
      }
      return Texts.split(TextSource.parse(text));
    }
    if ((calibration == null || isSelfCalibrated()) && allocation == null && verification == null) {
      return Texts.of(BuiltInModel.is(model) ? BuiltIn.Collection.CORPUS : BuiltIn.Collection.MIX);
    }
    if (calibration == null || allocation == null || verification == null) {
      throw wrong(
          "--calibration, --allocation and --verify belong together: give all three, or one --text to split");
    }
    return Texts.read(
        isSelfCalibrated() ? new BuiltIn(Role.CALIBRATION) : TextSource.parse(calibration),
        TextSource.parse(allocation),
        TextSource.parse(verification));
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
