package halftone.speed;

import halftone.runtime.Session;

/// A model as we run it.
public record SessionContender(Session session) implements Contender {
  private static final int[] TEXT = {0};

  @Override
  public void read(int[] prompt) {
    session.forget(0);
    session.read(0, prompt);
  }

  @Override
  public void write(int token) {
    session.step(TEXT, new int[] {token});
  }
}
