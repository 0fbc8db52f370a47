using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Parameters;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Kernels.Measurement.Cases;

/// <summary>
/// Cases of a benchmark class with given parameter values. BenchmarkDotNet reads parameters from attributes with static sources; a case
/// created here carries its values, so nothing is shared between runs.
/// </summary>
public static class BenchmarkCases
{
    /// <summary>Each benchmark of a class, with each job of the configuration, for each set of values by property.</summary>
    public static BenchmarkRunInfo Of(Type type, IConfig config, IEnumerable<IReadOnlyList<(string Property, object Value)>> valueSets)
    {
        BenchmarkRunInfo bare = BenchmarkConverter.TypeToBenchmarks(type, config);
        return new BenchmarkRunInfo(
            [
                .. from values in valueSets
                   let parameters = new ParameterInstances([.. values.Select(each => Parameter(type, each.Property, each.Value))])
                   from each in bare.BenchmarksCases
                   select BenchmarkCase.Create(each.Descriptor, each.Job, parameters, bare.Config),
            ],
            type, bare.Config);
    }

    private static ParameterInstance Parameter(Type type, string property, object value) => new(
        new ParameterDefinition(
            property, isStatic: false, [value], isArgument: false, type.GetProperty(property)!.PropertyType, priorityInCategory: 0),
        value, SummaryStyle.Default);
}
