/// Products of codes of any widths by their bit planes: the popcounts of words.
@org.jspecify.annotations.NullMarked
package halftone.kernel.bitplane;
