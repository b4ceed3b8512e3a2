package halftone.app.doctor;

import java.nio.file.Path;

/// One side of the machine. A check changes nothing and ends within seconds; what it cannot find
/// out it leaves out or says so, but never throws.
interface Check {
  /// @param store folder of finished work, which need not exist
  Finding look(Path store);
}
