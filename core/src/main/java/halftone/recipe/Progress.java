package halftone.recipe;

/// Hears how far a long step has come. Called from the thread that runs the road.
public interface Progress {
  Progress SILENT =
      new Progress() {
        @Override
        public void step(String name, int units) {}

        @Override
        public void done(int units) {}
      };

  /// A step begins; it will report `units` units of work.
  void step(String name, int units);

  /// `units` more units of the current step are done.
  void done(int units);
}
