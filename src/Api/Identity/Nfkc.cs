using System.Globalization;
using System.Text;

namespace BoxOffice.Api.Identity;

/// <summary>
/// Unicode's normalization form KC (UAX #15), so that a password is the same from every keyboard. .NET has it only with
/// ICU, which the program runs without. The table is that of Unicode 14; a later version changes no assigned character.
/// </summary>
internal static class Nfkc
{
    private const int HangulFirst = 0xAC00, HangulCount = 11_172;
    private const int LeadFirst = 0x1100, LeadCount = 19;
    private const int VowelFirst = 0x1161, VowelCount = 21;
    private const int TailFirst = 0x11A7, TailCount = 28; // the first tail is none

    private static readonly Lazy<Table> Unicode = new(Table.Read);

    /// <summary>The normal form. Unpaired surrogates become U+FFFD.</summary>
    public static string Normalize(string text)
    {
        if (Ascii.IsValid(text)) return text;
        var runes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes()) Decompose(rune.Value, runes);
        Order(runes);
        var result = new StringBuilder(text.Length);
        foreach (var rune in Compose(runes)) result.Append(new Rune(rune));
        return result.ToString();
    }

    private static void Decompose(int rune, List<int> runes)
    {
        if (rune - HangulFirst is >= 0 and < HangulCount and var syllable)
        {
            runes.Add(LeadFirst + (syllable / TailCount / VowelCount));
            runes.Add(VowelFirst + (syllable / TailCount % VowelCount));
            if (syllable % TailCount is > 0 and var tail) runes.Add(TailFirst + tail);
        }
        else if (Unicode.Value.Decompositions.TryGetValue(rune, out var whole)) runes.AddRange(whole);
        else runes.Add(rune);
    }

    /// <summary>Sorts each run of combining characters by their classes; equal ones keep their order.</summary>
    private static void Order(List<int> runes)
    {
        for (var i = 1; i < runes.Count; i++)
        {
            var (rune, at) = (runes[i], i);
            if (ClassOf(rune) is not (> 0 and var own)) continue;
            for (; at > 0 && ClassOf(runes[at - 1]) > own; at--) runes[at] = runes[at - 1];
            runes[at] = rune;
        }
    }

    private static List<int> Compose(List<int> runes)
    {
        var result = new List<int>(runes.Count);
        var starter = -1; // where the last starter is in the result
        foreach (var rune in runes)
        {
            var own = ClassOf(rune);
            // Between a starter and what it composes with, only lower classes may stand.
            var isReached = starter >= 0
                && (starter == result.Count - 1 || (own > 0 && ClassOf(result[^1]) is > 0 and var last && last < own));
            if (isReached && Pair(result[starter], rune) is { } composed)
            {
                result[starter] = composed;
                continue;
            }
            if (own == 0) starter = result.Count;
            result.Add(rune);
        }
        return result;
    }

    private static int? Pair(int first, int second)
    {
        if (first - LeadFirst is >= 0 and < LeadCount and var lead
            && second - VowelFirst is >= 0 and < VowelCount and var vowel)
            return HangulFirst + (((lead * VowelCount) + vowel) * TailCount);
        if (first - HangulFirst is >= 0 and < HangulCount and var syllable && syllable % TailCount == 0
            && second - TailFirst is > 0 and < TailCount and var tail)
            return first + tail;
        return Unicode.Value.Pairs.TryGetValue((first, second), out var composed) ? composed : null;
    }

    private static byte ClassOf(int rune) => Unicode.Value.Classes.GetValueOrDefault(rune);

    private sealed record Table(
        Dictionary<int, byte> Classes, Dictionary<int, int[]> Decompositions, Dictionary<(int, int), int> Pairs)
    {
        /// <summary>Reads nfkc.txt, which eng/passwords/tables.py makes.</summary>
        public static Table Read()
        {
            var table = new Table([], [], []);
            foreach (var line in IdentityResource.Lines("nfkc.txt"))
            {
                if (line.Split(' ') is not [var number, var own, var whole, var pair]) continue;
                var rune = Hex(number);
                if (own != "0") table.Classes[rune] = byte.Parse(own, CultureInfo.InvariantCulture);
                if (whole != "-") table.Decompositions[rune] = [.. whole.Split('+').Select(Hex)];
                if (pair.Split('+') is [var first, var second]) table.Pairs[(Hex(first), Hex(second))] = rune;
            }
            return table;
        }

        private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
