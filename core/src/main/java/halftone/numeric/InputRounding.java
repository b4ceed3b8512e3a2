package halftone.numeric;

/// What the inputs of a product are rounded to before they are multiplied.
public sealed interface InputRounding
    permits ActivationPartner, ScaledInputs, BlockInputs, Int8Runs {}
