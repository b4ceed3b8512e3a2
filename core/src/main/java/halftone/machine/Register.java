package halftone.machine;

/// General registers of x86-64 by their number in machine code. In the System V convention the
/// first six arguments come in RDI, RSI, RDX, RCX, R8 and R9; a function may change all but RBX,
/// RSP and those from R12 on, which it pushes first.
public enum Register {
  RAX(0),
  RCX(1),
  RDX(2),
  RBX(3),
  /// The stack: at the start the address to return to, then arguments beyond the sixth.
  RSP(4),
  RSI(6),
  RDI(7),
  R8(8),
  R9(9),
  R10(10),
  R11(11),
  R12(12),
  R13(13),
  R14(14);

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
