using ArchUnitNET.Domain;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;
using BoxOffice.Grains;

namespace BoxOffice.Api.Tests;

/// <summary>
/// Folders of <c>src</c> are namespaces. They form no circle, so that each can be read with what is below it; options
/// at a project's root know no folder; the ledger knows neither clocks nor I/O nor Orleans.
/// </summary>
public sealed class ArchitectureTests
{
    private const string Ledger = "BoxOffice.Grains.Ledger";

    private static readonly Architecture Source =
        new ArchLoader().LoadAssemblies(typeof(ApiOptions).Assembly, typeof(BoxOfficeOptions).Assembly).Build();

    [Theory]
    [InlineData("BoxOffice.Api.(*)")]
    [InlineData("BoxOffice.Grains.(*)")]
    public void Folders_form_no_circle(string pattern)
    {
        var rule = SliceRuleDefinition.Slices().Matching(pattern).Should().BeFreeOfCycles();

        var found = rule.Evaluate(Source).Select(result => result.Description);
        Assert.True(rule.HasNoViolations(Source), string.Join('\n', found));
    }

    [Theory]
    [InlineData("BoxOffice.Api")]
    [InlineData("BoxOffice.Grains")]
    public void Types_at_the_root_of_a_project_use_none_of_its_folders(string root)
    {
        var uses = TypesIn(root).SelectMany(type => type.Dependencies, (type, use) => (type.Name, use.Target.FullName))
            .Where(use => use.FullName.StartsWith(root + ".", StringComparison.Ordinal))
            .Where(use => use.FullName.AsSpan(root.Length + 1).Contains('.'));

        Assert.NotEmpty(TypesIn(root));
        Assert.Empty(uses);
    }

    [Fact]
    public void The_ledger_uses_neither_clocks_nor_files_nor_threads_nor_Orleans_nor_a_database()
    {
        string[] allowed =
        [
            Ledger, "BoxOffice", "System", "System.Buffers", "System.Buffers.Binary", "System.Collections",
            "System.Collections.Generic", "System.Diagnostics.CodeAnalysis", "System.Globalization",
            "System.IO.Hashing",
            "System.Linq", "System.Numerics", "System.Reflection", "System.Runtime.CompilerServices",
            "System.Runtime.InteropServices", "System.Runtime.Serialization", "System.Text", "System.Text.Json",
            "System.Text.Json.Serialization", "System.Text.Json.Serialization.Metadata",
        ];
        // TextArena seeds its hashes, so that no caller can make keys collide; no decision depends on the seed.
        string[] allowedTypes = ["System.IO.InvalidDataException", "System.Random"];
        string[] forbidden = ["System.TimeProvider", "System.Environment", "System.Console"];
        var uses = TypesIn(Ledger).Where(type => type.Name != "TermsJson") // generated code
            .SelectMany(type => type.Dependencies, (type, use) => (type.Name, use.Target))
            .Where(use => !allowedTypes.Contains(use.Target.FullName)
                && (!allowed.Contains(use.Target.Namespace?.FullName ?? "") || forbidden.Contains(use.Target.FullName)))
            .Select(use => $"{use.Name} uses {use.Target.FullName}").Distinct();

        Assert.Contains(TypesIn(Ledger), type => type.Name == "ReservationLedger");
        Assert.True(!uses.Any(), string.Join('\n', uses));
    }

    private static IEnumerable<IType> TypesIn(string space) =>
        Source.Types.Where(type => type.Namespace?.FullName == space);
}
