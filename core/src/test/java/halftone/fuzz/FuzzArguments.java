package halftone.fuzz;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/// What [FuzzCommand] is asked: `--minutes N` or `--cases N`, `--seed N`, `--case N` for one case.
///
/// @param single the one case to run again
record FuzzArguments(long seed, long cases, long nanoseconds, OptionalLong single) {
  static FuzzArguments parse(String[] arguments) {
    long seed = System.nanoTime() & 0xFFFF_FFFFL;
    long cases = Long.MAX_VALUE;
    long minutes = -1;
    OptionalLong single = OptionalLong.empty();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      long value = Long.parseLong(arguments[i + 1]);
      switch (arguments[i]) {
        case "--seed" -> seed = value;
        case "--cases" -> cases = value;
        case "--minutes" -> minutes = value;
        case "--case" -> single = OptionalLong.of(value);
        default -> throw new IllegalArgumentException("no option is called " + arguments[i]);
      }
    }
    boolean bounded = cases < Long.MAX_VALUE || minutes >= 0;
    long limit = minutes >= 0 ? minutes : bounded ? TimeUnit.DAYS.toMinutes(365) : 1;
    return new FuzzArguments(seed, cases, TimeUnit.MINUTES.toNanos(limit), single);
  }
}
