package halftone.chat;

/// One message of a conversation.
///
/// @param role who speaks: `system`, `user` or `assistant`, or whatever else the template knows
/// @param content what is said
public record Message(String role, String content) {}
