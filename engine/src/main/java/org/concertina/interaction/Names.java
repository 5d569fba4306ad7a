package org.concertina.interaction;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.concertina.memory.CappedArena;

/** The names of users and items, where they are not numbers. */
record Names(Optional<IdNames> users, Optional<IdNames> items) {
  static Names copyOf(CanonicalData data, CappedArena arena) {
    return new Names(data.userNames(), data.itemNames()).copy(arena);
  }

  /** The same in memory of another arena. */
  Names copy(CappedArena arena) {
    return new Names(
        users.map(names -> copy(names, arena)), items.map(names -> copy(names, arena)));
  }

  private static IdNames copy(IdNames names, CappedArena arena) {
    MemorySegment offsets = arena.allocate(names.offsets().byteSize(), "offsets of names");
    MemorySegment bytes = arena.allocate(names.bytes().byteSize(), "names");
    return IdNames.view(offsets.copyFrom(names.offsets()), bytes.copyFrom(names.bytes()));
  }
}
