using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>The references by operation: those of this suite, and those of a user's own assemblies.</summary>
public sealed class References
{
    private readonly Func<Operation, OperationReference?>[] makers;

    /// <summary>References of this suite and of others.</summary>
    /// <param name="others">Each creates the reference of an operation that it knows, and returns null for others.</param>
    public References(params IReadOnlyList<Func<Operation, OperationReference?>> others) => makers = [OfSuite, .. others];

    /// <summary>Those of this suite alone.</summary>
    public static References Suite { get; } = new();

    /// <summary>What a trained model attends with, for the references' inputs; null where none was fetched.</summary>
    public Lazy<CapturedHeads>? Captured { get; init; }

    /// <summary>The reference of an operation, with its parameters.</summary>
    /// <exception cref="NotSupportedException">There is no reference for it.</exception>
    public OperationReference Of(Operation operation)
    {
        OperationReference reference = makers.Select(make => make(operation)).FirstOrDefault(each => each is not null)
            ?? throw new NotSupportedException($"There is no reference for the operation '{operation.Name}'.");
        reference.Captured = Captured;
        return reference;
    }

    /// <summary>Maps each operation of this suite to its reference; a new operation is one file there, one here and one line.</summary>
    private static OperationReference? OfSuite(Operation operation) => operation switch
    {
        SoftmaxAlibi alibi => new AlibiReference(alibi),
        SoftmaxAttention softmax => new SoftmaxReference(softmax),
        SoftmaxBackward backward => new BackwardReference(backward),
        TopKAttention topK => new TopKReference(topK),
        LinearEluAttention linear => new LinearEluReference(linear),
        LinearBackward backward => new LinearBackwardReference(backward),
        RetentionAttention retention => new RetentionReference(retention),
        DeltaAttention delta => new DeltaReference(delta),
        FavorAttention favor => new FavorReference(favor),
        LinformerAttention linformer => new LinformerReference(linformer),
        LayerOperation layer => new LayerReference(layer),
        _ => null,
    };
}
