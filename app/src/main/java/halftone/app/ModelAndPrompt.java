package halftone.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Which model is to write, and the ways to say what it is to go on from.
final class ModelAndPrompt {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private ModelOrBuiltIn model;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PROMPT",
      description = "What to go on from.")
  private @Nullable String behindModel;

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "PROMPT",
      description = "The same, as an option.")
  private @Nullable String option;

  @Option(names = "--file", paramLabel = "F", description = "Read the prompt from a UTF-8 file.")
  private @Nullable Path file;

  /// The model named, or the built-in one.
  Path model() throws IOException {
    return model.path();
  }

  boolean hasNoPrompt() {
    return given() == 0;
  }

  void requireOnePrompt() {
    if (given() > 1) {
      throw new ParameterException(
          spec.commandLine(),
          "give the prompt once: behind the model, with --prompt or with --file");
    }
  }

  private long given() {
    return Stream.of(behindModel, option, file).filter(Objects::nonNull).count();
  }

  /// The prompt; without one, what the input holds.
  String prompt(InputStream input) throws IOException {
    if (behindModel != null) {
      return behindModel;
    }
    if (option != null) {
      return option;
    }
    if (file != null) {
      return Files.readString(InputFile.require(file));
    }
    return new String(input.readAllBytes(), StandardCharsets.UTF_8);
  }
}
