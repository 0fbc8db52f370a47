namespace Kernels.Reference;

/// <summary>What is wrong in a backward pass of a piece of a layer.</summary>
internal enum BackwardMistake
{
    NotTransposed, GradientTransposed, BiasOfFirstSequence, BiasOfLastRow, MatrixOfLastSequence, LastBlockDropped, Averaged,
    NoMeanOfGradient, NoMeanOfProduct, OverRows, GainForgotten, FactorForgotten, RowsNotNormed, OneLess,
    DerivativeAtOutput, DerivativeOfRelu, DerivativeForgotten, DerivativeByTanh, NotActivated, GateForgotten, GateByDerivative, GateNotInInput, SigmoidAlone,
    TurnedForth, AdjacentPairs, HalvesSwapped, PositionOneOff, PositionsFromZero, HalfFrequencies,
}
