namespace Kernels.Validation;

/// <summary>Says which of the places 0 … total − 1 are in a set, by the shortest rule that gives them all and no other.</summary>
internal static class PlacePattern
{
    private const int MostListed = 4;

    // Tiles of queries and of keys of the kernels of this suite, and of many others.
    private static readonly int[] tiles = [4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128];

    /// <summary>The rule.</summary>
    /// <param name="places">Not empty.</param>
    /// <param name="total">Number of places.</param>
    /// <param name="name">One place: <c>row</c>.</param>
    public static string Of(SortedSet<int> places, int total, string name)
    {
        int first = places.Min, last = places.Max, count = places.Count;
        if (count == total)
            return total == 1 ? $"the one {name}" : $"all {total:N0} {name}s";
        if (count == 1)
            return $"{(first == 0 ? "the first" : first == total - 1 ? "the last" : "one")} of {total:N0} {name}s{(first == 0 ? "" : $", {name} {first}")}";
        if (last - first == count - 1)
        {
            return first == 0 ? $"{name}s up to {last} of {total:N0}"
                : last == total - 1 ? $"{name}s from {first} on, of {total:N0}"
                : $"{name}s {first} … {last} of {total:N0}";
        }
        int step = places.ElementAt(1) - first;
        if (Equals(places, total, place => place >= first && (place - first) % step == 0))
            return $"every {step}{Ordinal(step)} {name} from {name} {first}";
        foreach (int tile in tiles)
        {
            int some = places.Count(place => place < tile);
            if (some == 0 || some == tile)
                continue;
            if (Equals(places, total, place => place % tile < some))
                return $"the first {some} {name}s of each {tile}";
            if (Equals(places, total, place => place % tile >= tile - some))
                return $"the last {some} {name}s of each {tile}";
        }
        string more = count > MostListed ? ", …" : "";
        return $"{count:N0} of {total:N0} {name}s: {string.Join(", ", places.Take(MostListed))}{more}";
    }

    private static bool Equals(SortedSet<int> places, int total, Predicate<int> rule)
    {
        for (int place = 0; place < total; place++)
        {
            if (places.Contains(place) != rule(place))
                return false;
        }
        return true;
    }

    private static string Ordinal(int number) => (number % 10, number / 10 % 10) switch
    {
        (_, 1) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
}
