/// The library's door, [halftone.Halftone]; behind it lie the rooms, one package each.
@org.jspecify.annotations.NullMarked
package halftone;
