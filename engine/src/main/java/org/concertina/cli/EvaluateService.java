package org.concertina.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.concertina.block.RowOrder;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.memory.FloatTable;
import org.concertina.metric.RankingAccumulator;
import org.concertina.metric.RankingQuality;
import org.concertina.serve.DeviceRuntime;
import org.concertina.serve.Recommender;
import org.concertina.serve.RowFilter;
import org.concertina.train.EvaluationEvent;
import org.concertina.train.ModelFormatException;
import org.concertina.train.TableRanking;
import org.concertina.train.TrainedModel;

/** Measures a model's full table, or what a device answers from an artifact. */
final class EvaluateService {
  private static final int USERS_PER_TASK = 64;

  private final Session session;

  EvaluateService(Session session) {
    this.session = session;
  }

  /** The full fp32 table, by cosine and prior. */
  List<RankingQuality> fullTable(
      TrainedModel model, InteractionData data, Split split, int... cutoffs)
      throws ModelFormatException, CommandFailure {
    requireMeasurable(model, data, split);
    EvaluationEvent event = new EvaluationEvent();
    event.begin();
    List<RankingQuality> qualities =
        TableRanking.evaluate(
            session.ops(),
            session.pool(),
            model.embeddings(),
            model.prior(),
            split.relevant(data),
            split.excluded(data),
            cutoffs);
    qualities.stream()
        .filter(quality -> quality.k() == EvaluationEvent.CUTOFF)
        .forEach(quality -> event.done(split.toString(), quality));
    return qualities;
  }

  /**
   * An artifact, every user asking the runtime as a device would.
   *
   * @param runtime of an artifact that was packed from this model
   */
  List<RankingQuality> artifact(
      DeviceRuntime runtime, TrainedModel model, InteractionData data, Split split, int... cutoffs)
      throws ModelFormatException, CommandFailure {
    return artifact(runtime, model, data, split, false, cutoffs);
  }

  /**
   * An artifact, every user asking the runtime as a device would.
   *
   * @param storedUsers whether users' vectors are those that the artifact holds, not the model's
   */
  List<RankingQuality> artifact(
      DeviceRuntime runtime,
      TrainedModel model,
      InteractionData data,
      Split split,
      boolean storedUsers,
      int... cutoffs)
      throws ModelFormatException, CommandFailure {
    requireMeasurable(model, data, split);
    if (storedUsers && runtime.users() != model.header().users()) {
      throw new CommandFailure(
          "--artifact-users: the artifact holds %,d of the model's %,d users; pack it with --users int8"
              .formatted(runtime.users(), model.header().users()));
    }
    InteractionMatrix relevant = split.relevant(data);
    int[] users =
        IntStream.range(0, relevant.users()).filter(u -> relevant.degree(u) > 0).toArray();
    int tasks = (users.length + USERS_PER_TASK - 1) / USERS_PER_TASK;
    RankingAccumulator[] perTask = new RankingAccumulator[tasks];
    List<Device> devices = new ArrayList<>();
    try {
      for (int worker = 0; worker < session.pool().threads(); worker++) {
        devices.add(new Device(runtime, model, data, split, storedUsers, cutoffs));
      }
      session
          .pool()
          .run(
              tasks,
              (task, worker) -> {
                RankingAccumulator sums = new RankingAccumulator(cutoffs);
                int end = Math.min(users.length, (task + 1) * USERS_PER_TASK);
                for (int i = task * USERS_PER_TASK; i < end; i++) {
                  devices.get(worker).ask(users[i], sums);
                }
                perTask[task] = sums;
              });
    } finally {
      devices.forEach(Device::close);
    }
    RankingAccumulator total = new RankingAccumulator(cutoffs);
    for (RankingAccumulator sums : perTask) {
      total.merge(sums);
    }
    return total.result();
  }

  private static void requireMeasurable(TrainedModel model, InteractionData data, Split split)
      throws ModelFormatException, CommandFailure {
    if (split == Split.VALID) {
      model.requireUnseenValidation();
    }
    if (split.relevant(data).size() == 0) {
      throw new CommandFailure(
          "the data has no "
              + split
              + " interactions; add a "
              + split
              + ".txt, or name the other split with --split");
    }
  }

  /** One thread's recommender and filter. */
  private static final class Device implements AutoCloseable {
    private final FloatTable users;
    private final boolean storedUsers;
    private final RowOrder order;
    private final InteractionMatrix relevant;
    private final List<InteractionMatrix> excluded;
    private final Recommender recommender;
    private final RowFilter filter;
    private final int k;
    private final int[] answer;
    private final float[] scores;

    Device(
        DeviceRuntime runtime,
        TrainedModel model,
        InteractionData data,
        Split split,
        boolean storedUsers,
        int... cutoffs) {
      this.storedUsers = storedUsers;
      users = model.embeddings().users();
      order = RowOrder.byId(runtime.info().groups(), model.itemIds());
      relevant = split.relevant(data);
      excluded = split.excluded(data);
      recommender = runtime.newRecommender();
      filter = runtime.newRowFilter();
      k = new RankingAccumulator(cutoffs).maxCutoff();
      answer = new int[Math.min(k, data.items())];
      scores = new float[answer.length];
    }

    void ask(int user, RankingAccumulator sums) {
      exclude(user, true);
      int size = recommend(user);
      exclude(user, false);
      for (int rank = 0; rank < size; rank++) {
        answer[rank] = order.itemAtRow(answer[rank]);
      }
      sums.add(answer, size, relevant.itemIndices(), relevant.begin(user), relevant.end(user));
    }

    private int recommend(int user) {
      // All users of the model are stored, and both have them in the order of their ids.
      return storedUsers
          ? recommender.recommendUser(user, k, filter, answer, scores)
          : recommender.recommend(
              users.segment(), users.rowOffsetBytes(user), k, filter, answer, scores);
    }

    private void exclude(int user, boolean exclude) {
      for (InteractionMatrix matrix : excluded) {
        for (long p = matrix.begin(user), end = matrix.end(user); p < end; p++) {
          int row = order.rowOfItem(matrix.itemAt(p));
          if (exclude) {
            filter.exclude(row);
          } else {
            filter.allow(row);
          }
        }
      }
    }

    @Override
    public void close() {
      recommender.close();
      filter.close();
    }
  }
}
