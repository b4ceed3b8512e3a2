package halftone.bench;

import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// The workers of a kernel that spreads its work: one, unless `-p workers=2` asks for more.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls `open` first
public class ThreadCount {
  @Param("1")
  public int workers;

  private Workers pool;

  @Setup
  public void open() {
    pool = new LocalWorkers(workers);
  }

  @TearDown
  public void close() {
    pool.close();
  }

  Workers pool() {
    return pool;
  }
}
