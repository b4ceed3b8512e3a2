/// What a network remembers of the tokens before: keys and values, in the format that a policy
/// says.
@org.jspecify.annotations.NullMarked
package halftone.kvcache;
