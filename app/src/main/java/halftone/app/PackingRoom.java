package halftone.app;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// How much memory a session may spend on repacked weights, so that they are not decoded for every
/// token: half of what is free, files that the system merely keeps in memory not counted as free.
final class PackingRoom {
  private PackingRoom() {}

  static long bytes() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getFreeMemorySize() / 2;
  }
}
