using Kernels.Abstractions;
using Kernels.Measurement.Cases;
using Kernels.Naive;
using Xunit;

namespace Kernels.Tests.Measurement;

public class CallRatesTests
{
    private readonly CallRates rates = new();

    [Fact]
    public void Nothing_is_predicted_of_an_unknown_kernel()
    {
        rates.Add(Case(new ThreePass(), 64), 1);

        Assert.Null(rates.Predict(Case(new TripleLoop(), 64)));
        Assert.False(rates.Knows(new TripleLoop().Info.Name));
    }

    [Fact]
    public void Time_grows_with_the_exact_operations()
    {
        rates.Add(Case(new ThreePass(), 64), 0.001);

        CallPrediction predicted = rates.Predict(Case(new ThreePass(), 128))!;

        Assert.Equal(0.004, predicted.Seconds, 1e-9);
        Assert.Contains("b1-h2-q64-k64-d8 on 1 thread", predicted.Source);
    }

    [Fact]
    public void The_nearest_smaller_problem_counts()
    {
        rates.Add(Case(new ThreePass(), 16), 1);
        rates.Add(Case(new ThreePass(), 64), 0.001);
        rates.Add(Case(new ThreePass(), 256), 1);

        Assert.Equal(0.004, rates.Predict(Case(new ThreePass(), 128))!.Seconds, 1e-9);
    }

    [Fact]
    public void A_smaller_problem_than_any_is_predicted_from_the_smallest()
    {
        rates.Add(Case(new ThreePass(), 64), 0.004);
        rates.Add(Case(new ThreePass(), 256), 1);

        Assert.Equal(0.001, rates.Predict(Case(new ThreePass(), 32))!.Seconds, 1e-9);
    }

    [Fact]
    public void The_same_number_of_threads_counts_before_another()
    {
        rates.Add(Case(new ThreePass(), 64), 0.004);
        Assert.Equal(0.002, rates.Predict(Case(new ThreePass(), 64, threads: 2))!.Seconds, 1e-9);

        rates.Add(Case(new ThreePass(), 64, threads: 2), 0.003);
        Assert.Equal(0.003, rates.Predict(Case(new ThreePass(), 64, threads: 2))!.Seconds, 1e-9);
    }

    private static PlannedCase Case(Kernel kernel, int tokens, int threads = 1) =>
        new(kernel, null, new AttentionProblem(1, 2, 2, tokens, tokens, 8), threads);
}
