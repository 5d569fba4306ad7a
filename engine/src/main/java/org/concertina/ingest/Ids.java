package org.concertina.ingest;

/** The ids of users and items and, once all have been read, their orders. */
final class Ids {
  private final IdColumn users;
  private final IdColumn items;
  private IdOrder userOrder;
  private IdOrder itemOrder;

  Ids(IdColumn users, IdColumn items) {
    this.users = users;
    this.items = items;
  }

  /** Finds the orders. */
  void sort() {
    userOrder = IdOrder.of(users);
    itemOrder = IdOrder.of(items);
  }

  IdColumn users() {
    return users;
  }

  IdColumn items() {
    return items;
  }

  IdOrder userOrder() {
    return userOrder;
  }

  IdOrder itemOrder() {
    return itemOrder;
  }

  /** A number that depends on the id of the user of this rank alone. */
  long userKey(int rank) {
    int index = userOrder.indexOfRank()[rank];
    return users.names() == null ? users.number(index) : users.names().key(index);
  }
}
