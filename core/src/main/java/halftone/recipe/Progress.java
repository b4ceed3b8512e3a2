package halftone.recipe;

/// Hears how far a long step has come. Called from the thread that runs the road.
public interface Progress {
  Progress SILENT =
      new Progress() {
        @Override
        public void step(String name, int units) {}

        @Override
        public void done(int units) {}

        @Override
        public void note(String line) {}
      };

  /// A step begins; it will report `units` units of work.
  void step(String name, int units);

  /// `units` more units of the current step are done.
  void done(int units);

  /// Something the user should know, in one line: a damaged result that is made again, a choice
  /// that was overruled.
  void note(String line);
}
