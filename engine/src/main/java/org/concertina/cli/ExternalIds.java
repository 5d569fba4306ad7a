package org.concertina.cli;

import java.util.Optional;
import org.concertina.interaction.IdNames;
import org.concertina.interaction.InteractionData;

/**
 * What users and items are called: by the names of a data file, or by their numbers.
 *
 * @param users names of the users, if they are not numbers
 * @param items names of the items, if they are not numbers
 */
record ExternalIds(Optional<IdNames> users, Optional<IdNames> items) {
  /** Users and items are numbers. */
  static final ExternalIds NUMBERS = new ExternalIds(Optional.empty(), Optional.empty());

  static ExternalIds of(InteractionData data) {
    return new ExternalIds(data.userNames(), data.itemNames());
  }

  /** The number of a user, -1 if there is no such name. */
  long user(String text) throws CommandFailure {
    return number(users, "--user", text);
  }

  /** The number of an item, -1 if there is no such name. */
  long item(String option, String text) throws CommandFailure {
    return number(items, option, text);
  }

  private static long number(Optional<IdNames> names, String option, String text)
      throws CommandFailure {
    if (names.isPresent()) {
      return names.get().id(text);
    }
    if (!isNumber(text)) {
      throw new CommandFailure(
          option + ": '" + text + "' is not a number, and the data has no names; give numbers");
    }
    return Long.parseLong(text);
  }

  static boolean isNumber(String text) {
    return text.matches("-?[0-9]{1,18}");
  }

  /** What an item is called. */
  String itemName(int id) {
    return items.map(names -> names.name(id)).orElseGet(() -> Integer.toString(id));
  }
}
