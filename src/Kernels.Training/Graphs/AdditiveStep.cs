using System.Numerics.Tensors;

namespace Kernels.Training.Graphs;

/// <summary>
/// The context of one step of a decoder, Σ_j α_j·e_j with α = softmax over j of v·tanh(q + k_j) (Bahdanau et al. 2015, section A.1.2). Rows lie by time, then
/// by sequence: row j·batch + b is token j of sequence b.
/// </summary>
/// <param name="output">[batch, hidden].</param>
/// <param name="q">[batch, width]: the state before the step times Wq.</param>
/// <param name="k">[tokens·batch, width]: the encoder's states times Wk, and a bias.</param>
/// <param name="e">[tokens·batch, hidden]: the encoder's states.</param>
/// <param name="v">[1, width].</param>
/// <param name="tanh">[tokens·batch, width], kept for the way back.</param>
/// <param name="weights">[batch, tokens]: α, kept for the way back.</param>
/// <param name="scratch">[2, the largest of width and tokens].</param>
internal sealed class AdditiveStep(Value output, Value q, Value k, Value e, Value v, Value tanh, Value weights, Value scratch) : Node(output, q, k, e, v)
{
    private readonly int batch = q.Rows, tokens = k.Rows / q.Rows;

    public override void Forward()
    {
        for (int j = 0; j < tokens; j++)
            TensorPrimitives.Add(k.Part(j * batch, batch), q.Numbers, tanh.Part(j * batch, batch));
        TensorPrimitives.Tanh(tanh.Numbers, tanh.Numbers);
        for (int b = 0; b < batch; b++)
        {
            Span<float> alpha = weights.Row(b), context = Output.Row(b);
            for (int j = 0; j < tokens; j++)
                alpha[j] = TensorPrimitives.Dot(tanh.Row(j * batch + b), v.Numbers);
            TensorPrimitives.Subtract(alpha, TensorPrimitives.Max<float>(alpha), alpha);
            TensorPrimitives.Exp(alpha, alpha);
            TensorPrimitives.Divide(alpha, TensorPrimitives.Sum<float>(alpha), alpha);
            context.Clear();
            for (int j = 0; j < tokens; j++)
                TensorPrimitives.MultiplyAdd(e.Row(j * batch + b), alpha[j], context, context);
        }
    }

    public override void Backward()
    {
        Span<float> dAlpha = scratch.Row(0)[..tokens], slope = scratch.Row(1)[..q.Columns];
        for (int b = 0; b < batch; b++)
        {
            ReadOnlySpan<float> alpha = weights.Row(b), dy = Output.GradientRow(b);
            for (int j = 0; j < tokens; j++)
            {
                dAlpha[j] = TensorPrimitives.Dot(dy, e.Row(j * batch + b));
                TensorPrimitives.MultiplyAdd(dy, alpha[j], e.GradientRow(j * batch + b), e.GradientRow(j * batch + b));
            }
            float mean = TensorPrimitives.Dot(alpha, dAlpha);
            for (int j = 0; j < tokens; j++)
            {
                float dScore = alpha[j] * (dAlpha[j] - mean);
                ReadOnlySpan<float> t = tanh.Row(j * batch + b);
                TensorPrimitives.MultiplyAdd(t, dScore, v.Gradients, v.Gradients);
                // Through tanh: dScore·v·(1 − t²).
                TensorPrimitives.Multiply(t, t, slope);
                TensorPrimitives.Subtract(1f, slope, slope);
                TensorPrimitives.Multiply(slope, v.Numbers, slope);
                TensorPrimitives.MultiplyAdd(slope, dScore, q.GradientRow(b), q.GradientRow(b));
                TensorPrimitives.MultiplyAdd(slope, dScore, k.GradientRow(j * batch + b), k.GradientRow(j * batch + b));
            }
        }
    }
}
