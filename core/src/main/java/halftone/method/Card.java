package halftone.method;

import java.util.Set;

/// What `halftone methods` prints about a method.
///
/// @param id short lower-case name, also the name of its page under `docs/methods`
/// @param paper citation or source, "none" for folklore
public record Card(String id, String title, String paper, Set<Need> needs) {
  public Card {
    needs = Set.copyOf(needs);
  }
}
