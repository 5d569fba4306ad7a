package org.concertina.kernel;

/**
 * Holds one provider to what {@link VectorOps} says, at all sizes; subclassed once a provider.
 *
 * <p>References are written out in the contracts: loops of doubles, or of {@link Math#fma} for
 * operations that are bit-exact. The vector width comes from {@code -Dconcertina.vectorBits}, so
 * the build runs the subclasses once a width.
 */
public abstract class VectorOpsConformanceTest
    implements DotContract,
        ElementwiseContract,
        AdagradContract,
        MatmulContract,
        ExpContract,
        NormalizeContract,
        TilesContract,
        ScreenContract,
        ScanContract,
        GatherContract,
        SparseContract,
        BprContract,
        BprCosineContract,
        BoundsContract {}
