package halftone.kernel.trials;

import halftone.machine.Address;
import halftone.machine.Assembler;

/// Emits the search for the number of largest magnitude among those of the first registers, the
/// first of several, with its sign: in all lanes of a register.
///
/// @param vectors how many registers
/// @param largest where it goes
/// @param magnitude register with all bits but the sign, in all lanes
/// @param first a register for what passes, as the other three
record SignedLargest(
    Assembler a,
    int vectors,
    int largest,
    int magnitude,
    int first,
    int other,
    int spare,
    int mask) {
  /// The magnitude. Its bits rise with it, those of infinity and of what is no number last.
  void find() {
    a.vpand(largest, 0, magnitude);
    for (int v = 1; v < vectors; v++) {
      a.vpand(other, v, magnitude);
      a.vpmaxsd(largest, largest, other);
    }
    a.toAllLanes(largest, other, () -> a.vpmaxsd(largest, largest, other));
  }

  /// Gives the magnitude its sign: the lowest bit of the least of the doubled places, with the
  /// signs behind them, at which it stands.
  ///
  /// @param places of [Constants#withPlaces]
  void sign(Address places) {
    a.vmovdqa(first, magnitude);
    for (int v = 0; v < vectors; v++) {
      a.vpand(other, v, magnitude);
      a.vpcmpeqd(mask, other, largest);
      a.vmovdqu(other, places.base().at(places.displacement() + v * Constants.VECTOR));
      a.vpsrld(spare, v, Integer.SIZE - 1);
      a.vpor(other, other, spare);
      a.blend(other, magnitude, other, mask);
      a.vpminsd(first, first, other);
    }
    a.toAllLanes(first, other, () -> a.vpminsd(first, first, other));
    a.vpslld(first, first, Integer.SIZE - 1);
    a.vpor(largest, largest, first);
    a.vpxor(first, first, first);
    a.vaddps(largest, largest, first); // a zero has no sign
  }
}
