/// The command line: the only place with arguments, terminals and exit codes.
@org.jspecify.annotations.NullMarked
package halftone.app;
