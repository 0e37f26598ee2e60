using BoxOffice.Testing.Faults;

namespace BoxOffice.Grains.Tests.Faults;

/// <summary>What an audit must find in evidence.</summary>
internal static class Finding
{
    /// <summary>This promise was broken, and no other.</summary>
    public static void Only(Promise promise, Evidence evidence)
    {
        var verdict = evidence.Verdict();
        Assert.True(verdict.Broken.SequenceEqual([promise]), verdict.ToString());
    }
}
