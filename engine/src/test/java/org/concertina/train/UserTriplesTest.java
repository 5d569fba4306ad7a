package org.concertina.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import org.concertina.TestData;
import org.concertina.block.BlockShape;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.interaction.InteractionReader;
import org.concertina.interaction.ReadOptions;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.memory.CappedArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserTriplesTest {
  private static final double LEARNING_RATE = 0.05;
  private static final double L2 = 0.03;

  @TempDir Path dir;

  private static TrainConfig config(Similarity similarity) {
    return new TrainConfig(
        BlockShape.of(20, 4),
        3,
        TrainConfig.Objective.bpr(similarity),
        new TrainConfig.Softmax(0.2, 31, 0, true),
        new TrainConfig.Elastic(ElasticSchedule.NONE, 0),
        new TrainConfig.Diversity(0, 1),
        new TrainConfig.Optimizer(LEARNING_RATE, 1, similarity == Similarity.DOT ? L2 : 0),
        new TrainConfig.Schedule(1, 101, 1, 1),
        1,
        TrainConfig.Encoding.FACTOR);
  }

  private static UserTriples triples(
      CappedArena arena, InteractionMatrix train, NegativeSampler sampler, int users, int pairs) {
    return triples(Similarity.DOT, arena, train, sampler, users, pairs);
  }

  private static UserTriples triples(
      Similarity similarity,
      CappedArena arena,
      InteractionMatrix train,
      NegativeSampler sampler,
      int users,
      int pairs) {
    TrainConfig config = config(similarity);
    return new UserTriples(
        arena, train, VectorOpsProvider.get().bpr(), config, sampler, users, pairs);
  }

  @Test
  void everyUserIsDrawnOnceAndNoNegativeIsLiked() throws IOException {
    try (InteractionData data = TestData.synthetic(dir, 200, 150);
        CappedArena arena = CappedArena.unlimited()) {
      InteractionMatrix train = data.train();
      int[] popularity = new int[train.items()];
      popularity[3] = 1000;
      for (NegativeSampler sampler :
          new NegativeSampler[] {null, new NegativeSampler(popularity, 1)}) {
        UserTriples triples = triples(arena, train, sampler, 7, train.maxDegree());
        BitSet seen = new BitSet();
        long pairs = 0;
        for (int at = 0; at < train.users(); ) {
          int next = triples.draw(42, at, train.users());
          assertEquals(triples.count(), next - at);
          long k = 0;
          for (int i = 0; i < triples.count(); i++) {
            int user = triples.userAt(i);
            assertFalse(seen.get(user));
            seen.set(user);
            for (int n = 0; n < train.degree(user); n++) {
              assertFalse(train.contains(user, triples.negativeAt(k++)));
            }
          }
          assertEquals(k, triples.pairs());
          pairs += k;
          at = next;
        }
        assertEquals(train.users(), seen.cardinality());
        assertEquals(train.size(), pairs);
      }
    }
  }

  @Test
  void stepsAreThoseOfThePaper() throws IOException {
    try (InteractionData data = TestData.synthetic(dir, 60, 90);
        CappedArena arena = CappedArena.unlimited()) {
      InteractionMatrix train = data.train();
      EmbeddingModel model = EmbeddingModel.allocate(arena, data.users(), data.items(), 20);
      model.initialize(3);
      double[][] users = StepFixture.values(model.users());
      double[][] items = StepFixture.values(model.items());
      UserTriples triples = triples(arena, train, null, 60, (int) train.size());
      assertEquals(60, triples.draw(5, 0, 60));
      double expected = 0;
      long k = 0;
      for (int i = 0; i < triples.count(); i++) {
        int user = triples.userAt(i);
        for (long p = train.begin(user); p < train.end(user); p++) {
          expected += step(users[user], items[train.itemAt(p)], items[triples.negativeAt(k++)]);
        }
      }
      assertEquals(expected, triples.train(model, LEARNING_RATE), 1e-5 * expected);
      assertNear(users, StepFixture.values(model.users()));
      assertNear(items, StepFixture.values(model.items()));
    }
  }

  private static double step(double[] u, double[] liked, double[] other) {
    double x = 0;
    for (int d = 0; d < u.length; d++) {
      x += u[d] * (liked[d] - other[d]);
    }
    double slope = 1 / (1 + Math.exp(x));
    for (int d = 0; d < u.length; d++) {
      double user = u[d];
      u[d] += LEARNING_RATE * (slope * (liked[d] - other[d]) - L2 * user);
      liked[d] += LEARNING_RATE * (slope * user - L2 * liked[d]);
      other[d] += LEARNING_RATE * (-slope * user - L2 * other[d]);
    }
    return Math.log1p(Math.exp(-x));
  }

  private static void assertNear(double[][] expected, double[][] actual) {
    for (int row = 0; row < expected.length; row++) {
      for (int d = 0; d < expected[row].length; d++) {
        assertEquals(expected[row][d], actual[row][d], 1e-5, row + "," + d);
      }
    }
  }

  @Test
  void stepsOnCosinesTurnRowsAndKeepLengths() throws IOException {
    try (InteractionData data = TestData.synthetic(dir, 60, 90);
        CappedArena arena = CappedArena.unlimited()) {
      InteractionMatrix train = data.train();
      EmbeddingModel model = EmbeddingModel.allocate(arena, data.users(), data.items(), 20);
      model.initialize(3);
      double[][] users = StepFixture.values(model.users());
      double[][] items = StepFixture.values(model.items());
      int pairs = (int) train.size();
      UserTriples triples = triples(Similarity.COSINE, arena, train, null, 60, pairs);
      double first = 0;
      double last = 0;
      for (int epoch = 0; epoch < 20; epoch++) {
        triples.draw(epoch, 0, 60);
        last = triples.train(model, LEARNING_RATE);
        first = epoch == 0 ? last : first;
      }
      assertTrue(last < 0.6 * first, first + " to " + last);
      assertSameLengths(users, StepFixture.values(model.users()));
      assertSameLengths(items, StepFixture.values(model.items()));
    }
  }

  private static void assertSameLengths(double[][] expected, double[][] actual) {
    for (int row = 0; row < expected.length; row++) {
      double length = Math.sqrt(Arrays.stream(expected[row]).map(x -> x * x).sum());
      double now = Math.sqrt(Arrays.stream(actual[row]).map(x -> x * x).sum());
      assertEquals(length, now, 1e-4 * length, "length of row " + row);
    }
  }

  @Test
  void aUserWhoLikesEverythingLearnsNothing() throws IOException {
    Files.writeString(dir.resolve("train.txt"), "0 0 1 2\n1 0\n");
    try (InteractionData data =
            InteractionReader.read(dir, ReadOptions.defaults().withValidationShare(0));
        CappedArena arena = CappedArena.unlimited()) {
      EmbeddingModel model = EmbeddingModel.allocate(arena, 2, 3, 20);
      model.initialize(3);
      double[][] before = StepFixture.values(model.users());
      UserTriples triples = triples(arena, data.train(), null, 2, 4);
      assertEquals(2, triples.draw(1, 0, 2));
      assertTrue(triples.train(model, LEARNING_RATE) > 0);
      double[][] after = StepFixture.values(model.users());
      assertEquals(before[0][0], after[0][0]);
      assertTrue(before[1][0] != after[1][0]);
    }
  }
}
