/// Chooses one option per unit under budgets. Sees only numbers: tables of losses and costs, never
/// a tensor.
@org.jspecify.annotations.NullMarked
package halftone.allocation;
