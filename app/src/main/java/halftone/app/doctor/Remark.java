package halftone.app.doctor;

/// Something that is not as it should be.
///
/// @param remedy what to do about it, starting with a verb
public record Remark(Verdict verdict, String problem, String remedy) {}
