package halftone.machine;

/// The general registers of x86-64 that a function of the System V convention may change, by their
/// number in machine code. The first six arguments come in RDI, RSI, RDX, RCX, R8 and R9.
public enum Register {
  RAX(0),
  RCX(1),
  RDX(2),
  /// The caller's: to be pushed before it is changed.
  RBX(3),
  /// The stack: at the start the address to return to, then arguments beyond the sixth.
  RSP(4),
  RSI(6),
  RDI(7),
  R8(8),
  R9(9),
  R10(10),
  R11(11);

  private final int number;

  Register(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /// So many bytes behind what the register points to.
  public Address at(int displacement) {
    return new Address(this, displacement);
  }
}
