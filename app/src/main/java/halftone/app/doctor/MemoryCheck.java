package halftone.app.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Memory of the machine, of the container and of the heap.
record MemoryCheck() implements Check {
  private static final Path LINUX = Path.of("/proc/meminfo");
  private static final Pattern TOTAL = Pattern.compile("(?m)^MemTotal: +(\\d{1,15}) kB");

  /// The mode in brackets, of those there are.
  private static final Path LARGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

  private static final Pattern MODE = Pattern.compile("\\[(\\w{1,20})]");
  private static final long LEAST_HEAP = 1_000_000_000L;

  @Override
  public Finding look(Path store) {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    // Of a container, where there is one.
    long limit = system.getTotalMemorySize();
    Matcher mode = MODE.matcher(text(LARGE_PAGES));
    return finding(
        physical(limit),
        limit,
        system.getFreeMemorySize(),
        Runtime.getRuntime().maxMemory(),
        mode.find() ? mode.group(1) : "none");
  }

  /// @param largePages when Linux gives them: `always`, `madvise`, `never`, or `none` elsewhere
  static Finding finding(long physical, long limit, long free, long heap, String largePages) {
    List<Remark> remarks = new ArrayList<>();
    if (largePages.equals("never")) {
      remarks.add(
          new Remark(
              Verdict.LIMITED,
              "no large pages: weights are read more slowly than with them",
              "let programs ask for them: echo madvise > " + LARGE_PAGES + ", as root"));
    }
    if (heap > limit) {
      remarks.add(
          new Remark(
              Verdict.LIMITED,
              "the heap may grow beyond the memory there is, and the process be killed",
              "give a smaller heap: HALFTONE_JAVA_OPTIONS=-Xmx%dm".formatted(limit * 3 / 4 >> 20)));
    }
    if (heap < LEAST_HEAP) {
      remarks.add(
          new Remark(
              Verdict.LIMITED,
              "a heap of less than 1 GB is enough for small models only",
              "give more: HALFTONE_JAVA_OPTIONS=-Xmx1500m"));
    }
    return new Finding(
        "memory",
        List.of(
            Fact.bytes("physical", physical),
            Fact.bytes("usable here", limit),
            Fact.bytes("free", free),
            Fact.bytes("heap limit", heap),
            Fact.of("large pages", largePages)),
        remarks);
  }

  /// Of the whole machine, also in a container.
  private static long physical(long otherwise) {
    Matcher total = TOTAL.matcher(text(LINUX));
    return total.find() ? Long.parseLong(total.group(1)) * 1024 : otherwise;
  }

  /// What a file of the system says; empty where there is none.
  private static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException unreadable) {
      return "";
    }
  }
}
