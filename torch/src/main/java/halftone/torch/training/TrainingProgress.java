package halftone.torch.training;

/// Hears how a training goes. Called from the thread that trains.
public interface TrainingProgress {
  TrainingProgress SILENT =
      new TrainingProgress() {
        @Override
        public void step(Step step) {}

        @Override
        public void note(String line) {}
      };

  /// A step that was done.
  ///
  /// @param number counted from 1
  /// @param of steps in all
  /// @param loss of its batch, in nats a token
  /// @param tokensPerSecond over the last steps
  /// @param secondsLeft at that speed
  record Step(int number, int of, double loss, double tokensPerSecond, double secondsLeft) {}

  void step(Step step);

  /// Something worth a line: a held-out loss, a checkpoint.
  void note(String line);
}
