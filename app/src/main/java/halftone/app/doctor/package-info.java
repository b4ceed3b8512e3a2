/// What `halftone doctor` looks at, and what it says.
@org.jspecify.annotations.NullMarked
package halftone.app.doctor;
