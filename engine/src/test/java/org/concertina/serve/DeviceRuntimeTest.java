package org.concertina.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.concertina.artifact.ArtifactFixture;
import org.concertina.memory.MemoryCap;
import org.concertina.memory.MemoryCapExceededException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cap and the lifetimes. */
class DeviceRuntimeTest {
  @TempDir Path dir;
  private ArtifactFixture fixture;
  private Path file;
  private final int[] rows = new int[10];
  private final float[] scores = new float[10];
  private final MemorySegment user = MemorySegment.ofArray(new float[ServingFixture.DIM]);

  @BeforeEach
  void write() throws Exception {
    file = dir.resolve("a.cnct");
    fixture = ServingFixture.write(file);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void theCapHoldsToTheByte() throws Exception {
    long fileBytes = Files.size(file);
    long filterBytes = 64; // 500 bits in words of 64
    MemoryCap tooSmall = MemoryCap.ofBytes(fileBytes - 1);
    assertThrows(MemoryCapExceededException.class, () -> DeviceRuntime.open(file, tooSmall));
    assertEquals(0, tooSmall.usedBytes());
    long scratch;
    try (DeviceRuntime runtime = DeviceRuntime.open(file, MemoryCap.ofBytes(fileBytes))) {
      scratch = runtime.recommenderBytes();
      assertThrows(MemoryCapExceededException.class, runtime::newRecommender);
      assertEquals(fileBytes, runtime.cap().usedBytes());
    }
    MemoryCap cap = MemoryCap.ofBytes(fileBytes + scratch + filterBytes - 1);
    try (DeviceRuntime runtime = DeviceRuntime.open(file, cap)) {
      Recommender recommender = runtime.newRecommender();
      assertEquals(fileBytes + scratch, cap.usedBytes());
      assertThrows(MemoryCapExceededException.class, runtime::newRecommender);
      assertThrows(MemoryCapExceededException.class, runtime::newRowFilter);
      assertEquals(10, recommender.recommend(user, 0, 10, null, rows, scores));
      assertEquals(fileBytes + scratch, cap.usedBytes());
      recommender.close();
      assertEquals(fileBytes, cap.usedBytes());
      runtime.newRowFilter();
      assertEquals(fileBytes + filterBytes, cap.usedBytes());
    }
    assertEquals(0, cap.usedBytes());
    assertTrue(cap.peakBytes() <= cap.limitBytes());
  }

  @Test
  void scratchThatDoesNotFitIsGivenBack() throws Exception {
    long fileBytes = Files.size(file);
    long scratch;
    try (DeviceRuntime runtime = DeviceRuntime.open(file, MemoryCap.unlimited())) {
      scratch = runtime.recommenderBytes();
    }
    MemoryCap cap = MemoryCap.ofBytes(fileBytes + scratch - 1);
    try (DeviceRuntime runtime = DeviceRuntime.open(file, cap)) {
      assertThrows(MemoryCapExceededException.class, runtime::newRecommender);
      assertThrows(MemoryCapExceededException.class, runtime::warmUp);
      assertEquals(fileBytes, cap.usedBytes());
    }
    assertEquals(0, cap.usedBytes());
  }

  @Test
  void closingTheRuntimeClosesWhatItMade() throws Exception {
    MemoryCap cap = MemoryCap.unlimited();
    DeviceRuntime runtime = DeviceRuntime.open(file, cap);
    Recommender recommender = runtime.newRecommender();
    RowFilter filter = runtime.newRowFilter();
    runtime.close();
    assertEquals(0, cap.usedBytes());
    assertThrows(
        IllegalStateException.class, () -> recommender.recommend(user, 0, 3, null, rows, scores));
    assertThrows(
        IllegalStateException.class,
        () -> recommender.recommendFromHistory(new int[0], 0, 3, null, rows, scores));
    assertThrows(
        IllegalStateException.class, () -> recommender.userVectorOfHistory(new int[0], 0, user, 0));
    assertThrows(IllegalStateException.class, () -> filter.exclude(1));
    assertThrows(IllegalStateException.class, runtime::newRecommender);
    assertThrows(IllegalStateException.class, runtime::newRowFilter);
    assertThrows(IllegalStateException.class, runtime::warmUp);
    assertThrows(IllegalStateException.class, () -> runtime.itemIdAtRow(0));
    recommender.close();
    filter.close();
    runtime.close();
    assertEquals(0, cap.usedBytes());
  }

  @Test
  void aClosedRecommenderIsRefusedAndItsRuntimeGoesOn() throws Exception {
    try (DeviceRuntime runtime = DeviceRuntime.open(file, MemoryCap.unlimited())) {
      Recommender closed = runtime.newRecommender();
      closed.close();
      assertThrows(
          IllegalStateException.class, () -> closed.recommend(user, 0, 3, null, rows, scores));
      try (Recommender open = runtime.newRecommender()) {
        assertEquals(3, open.recommend(user, 0, 3, null, rows, scores));
      }
    }
  }

  @RepeatedTest(20)
  void closingInTheMiddleOfRequestsIsAnIllegalState() throws Exception {
    MemoryCap cap = MemoryCap.unlimited();
    DeviceRuntime runtime = DeviceRuntime.open(file, cap);
    Recommender recommender = runtime.newRecommender();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    CountDownLatch busy = new CountDownLatch(50);
    Thread requests =
        new Thread(
            () -> {
              try {
                while (true) {
                  recommender.recommendFromHistory(
                      new int[] {1, 2, 3, 200, 300, 400}, 6, 10, null, rows, scores);
                  busy.countDown();
                }
              } catch (Throwable failure) {
                thrown.set(failure);
              }
            });
    requests.start();
    busy.await();
    runtime.close();
    requests.join();
    assertInstanceOf(IllegalStateException.class, thrown.get());
    assertEquals(0, cap.usedBytes());
  }

  @Test
  void warmUpLeavesNothingBehind() throws Exception {
    MemoryCap cap = MemoryCap.unlimited();
    try (DeviceRuntime runtime = DeviceRuntime.open(file, cap)) {
      runtime.warmUp();
      assertEquals(Files.size(file), cap.usedBytes());
    }
  }
}
