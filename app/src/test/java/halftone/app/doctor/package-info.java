/// Tests of the doctor.
@org.jspecify.annotations.NullMarked
package halftone.app.doctor;
