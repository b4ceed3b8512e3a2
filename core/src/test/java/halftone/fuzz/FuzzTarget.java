package halftone.fuzz;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/// A reader of files, and intact inputs to damage.
///
/// @param name short, for lines and file names
/// @param share how many of a thousand cases it gets, more or less
/// @param seeds inputs that it accepts
/// @param refusals what it may throw; the message must name [#FILE], in which it finds the input
public record FuzzTarget(
    String name,
    int share,
    List<byte[]> seeds,
    Reader reader,
    Set<Class<? extends Exception>> refusals) {
  /// What a reader takes its input to be called.
  public static final String FILE = "damaged";

  /// Reads an input as far as a user's command would: headers, keys, tables, some weights.
  public interface Reader {
    void read(byte[] input) throws IOException;
  }

  public FuzzTarget {
    seeds = List.copyOf(seeds);
    refusals = Set.copyOf(refusals);
  }
}
