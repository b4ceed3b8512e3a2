package halftone.app;

import halftone.recipe.Effort;
import halftone.recipe.Request;
import halftone.text.Texts;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options of commands that measure a model on three texts from files: which, how much of them,
/// and where what was found is kept.
final class WorkOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private TextOptions texts;

  @Option(
      names = "--effort",
      paramLabel = "LEVEL",
      description = "How much text is read: fast or balanced; balanced by default.")
  private String effort = Effort.BALANCED.name();

  @Option(
      names = "--store",
      paramLabel = "FOLDER",
      description = "Where finished work is kept; .halftone beside the model by default.")
  private @Nullable Path store;

  Effort effort() {
    return Effort.named(effort);
  }

  /// The texts asked for, or those that the project brings; none that the model would write.
  Texts texts(Path model) throws IOException {
    if (texts.self(effort()) != null) {
      throw new ParameterException(
          spec.commandLine(), "the calibration text is a file here; leave out 'self'");
    }
    return texts.read(model);
  }

  Path store(Path model) {
    return store == null ? Request.usualStore(model) : store;
  }
}
