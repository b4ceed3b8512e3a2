/// An outcome for people and programs: one self-contained HTML page, JSON, a few terminal lines.
@org.jspecify.annotations.NullMarked
package halftone.app.report;
